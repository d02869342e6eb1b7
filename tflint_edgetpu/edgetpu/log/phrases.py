"""Everything the compiler is known to print, stated once.

Sources: the public logs and threads cited in the issue tracker of google-coral/edgetpu.  Texts are
compared without regard to white space and case, so that wrapped and reflowed ones are still known.
"""

from __future__ import annotations

import re

from ...model.record import NamedTuple
from ...model.schema import BUILTIN_OPERATORS
from ..support.constraint import Status

OPERATORS = frozenset((*BUILTIN_OPERATORS, "CUSTOM"))

# The strings of the status column; the last one was seen in 2.0 only (edgetpu issue 63).
STATUSES = (
    Status.MAPPED,
    Status.MORE_THAN_ONE_SUBGRAPH,
    Status.UNSPECIFIED,
    Status.DATA_TYPE,
    Status.NOT_SUPPORTED,
    Status.VERSION,
    Status.RANK,
    Status.NOT_CONSTANT,
    Status.TWO_D_OUTPUT,
    Status.UNIT_STRIDES,
    "Image-interpolation layer won't run precisely enough on Edge TPU",
)

# Labels of the summary, in the order in which a compiler prints them, and what follows each.
# 1.0 and 2.0 print 'available' before 'used', later ones 'remaining' after it.
LABELS = (
    ("input_model", "Input model", "name"),
    ("input_size", "Input size", "size"),
    ("output_model", "Output model", "name"),
    ("output_size", "Output size", "size"),
    ("on_chip_available", "On-chip memory available for caching model parameters", "size"),
    ("on_chip_used", "On-chip memory used for caching model parameters", "size"),
    ("on_chip_remaining", "On-chip memory remaining for caching model parameters", "size"),
    ("off_chip", "Off-chip memory used for streaming uncached model parameters", "size"),
    ("subgraphs", "Number of Edge TPU subgraphs", "number"),
    ("ops_total", "Total number of operations", "number"),
    ("operation_log", "Operation log", "name"),
    ("ops_edgetpu", "Number of operations that will run on Edge TPU", "number"),
    ("ops_cpu", "Number of operations that will run on CPU", "number"),
)
ORDER = {field: position for position, (field, _, _) in enumerate(LABELS)}
CONTENT = {field: content for field, _, content in LABELS}

# Fixed parts of other lines that are long enough to be wrapped.
_LONG = (
    "Model successfully compiled but not all operations are supported by the Edge TPU.",
    "See the operation log file for individual operation details.",
    "Compilation child process completed within timeout period.",
    "Compilation timeout. This is usually caused by large activations.",
    "Started a compilation timeout timer of",
    "Internal compiler error. Aborting!",
    "Model could not be parsed",
    "Model not quantized",
    "Edge TPU Compiler version",
    "ERROR: Attempting to use a delegate that only supports static-sized tensors with a graph that has "
    "dynamic-sized tensors.",
    "ERROR: Restored original execution plan after delegate application failure.",
    "ERROR: Regular TensorFlow ops are not supported by this interpreter. Make sure you apply/link the Flex "
    "delegate before inference.",
    "Compilation failed: Compilation failed due to large activation tensors in model.",
    "Compilation failed: Model failed in Tflite interpreter. Please ensure model can be loaded/run in "
    "Tflite interpreter.",
    "An older version of this builtin might be supported. Are you using an old TFLite binary with a newer "
    "model?",
    "Are you using old TFLite binary with newer model?",
    "Operator Count Status",
)
SENTENCES = (*STATUSES, *(label + ":" for _, label, _ in LABELS), *_LONG)


def squash(text: str) -> str:
    """Without white space, in lower case, with straight apostrophes."""
    return "".join(text.split()).lower().replace("\u2019", "'")


_SQUASHED = tuple((squash(status), status) for status in sorted(STATUSES, key=len, reverse=True))
_ENOUGH = 12  # characters that tell a status that was cut off or elided; no two begin alike for as long


def match_status(text: str) -> str | None:
    """The known status that ``text`` begins with, whatever follows it (a translation, another row)."""
    squashed = squash(text[:250])
    for short, status in _SQUASHED:
        if squashed.startswith(short):
            return status
    stem = squashed.rstrip(".\u2026|`")
    if len(stem) >= _ENOUGH:
        found = [status for short, status in _SQUASHED if short.startswith(stem)]
        if len(found) == 1:
            return found[0]
    return None


_SEPARATOR = r"(?:\s*\([^()\n]{0,40}\))?[^\x00-\x7f]{0,40}\s*[:|=\uff1a]\s*"


def _label(text: str) -> str:
    return r"\s+".join(map(re.escape, text.split(" "))) + _SEPARATOR


# Hand-edited texts shorten the labels of the memory lines and of the total.
_LABEL_PATTERNS = {
    "on_chip_available": r"On-?chip\s+memory\s+available[^:|=\n]{0,60}[:|=\uff1a]\s*",
    "on_chip_used": r"On-?chip\s+memory\s+used[^:|=\n]{0,60}[:|=\uff1a]\s*",
    "on_chip_remaining": r"On-?chip\s+memory\s+remaining[^:|=\n]{0,60}[:|=\uff1a]\s*",
    "off_chip": r"Off-?chip\s+memory\s+used[^:|=\n]{0,60}[:|=\uff1a]\s*",
    "ops_total": rf"(?:Total\s+)?number\s+of\s+operations{_SEPARATOR}",
    "ops_edgetpu": rf"Number\s+of\s+operations\s+that\s+will\s+run\s+on\s+(?:the\s+)?Edge\s*TPU{_SEPARATOR}",
    "ops_cpu": rf"Number\s+of\s+operations\s+that\s+will\s+run\s+on\s+(?:the\s+)?CPU{_SEPARATOR}",
}

# What TensorFlow Lite reports, with or without the 'ERROR:' in front. Within a line that begins with
# 'ERROR:' these do not begin another message.
_TFLITE = (
    r"Didn[\u2019']t\s+find\s+op\s+for\s+builtin\s+opcode|Registration\s+failed|Op\s+builtin_code\s+out\s+of\s+range|"
    r"Encountered\s+unresolved\s+custom\s+op|Node\s+number\s+\d{1,9}\s+\([^()\n]{1,120}\)\s+failed\s+to|"
    r"Regular\s+TensorFlow\s+ops\s+are\s+not\s+supported|Attempting\s+to\s+use\s+a\s+delegate\s+that\s+only|"
    r"Restored\s+original\s+execution\s+plan|Did\s+not\s+get\s+operators,\s+tensors,\s+or\s+buffers"
)

_ANCHORS: tuple[tuple[str, str], ...] = (
    ("version", r"Edge\s*TPU\s+Compiler\s+version:?\s+v?\d{1,4}(?:\.\d{1,12}){0,3}"),
    ("version_mention", r"Edge\s*TPU\s+compiler\s+v?\d{1,4}(?:\.\d{1,12}){1,3}"),
    ("compiled", r"Models?\s+compiled\s+successfully(?:\s+in\s+\d{1,9}\s*ms)?"),
    ("not_all", r"Model\s+successfully\s+compiled|not\s+all\s+operations\s+are\s+supported\s+by\s+the\s+Edge"),
    *((field, _LABEL_PATTERNS.get(field) or _label(text)) for field, text, _ in reversed(LABELS)),
    ("see_log", r"See\s+the\s+operation\s+log\s+file"),
    ("header", r"Operator\s*\|?\s*Count\s*\|?\s*Status"),
    ("oplog_input", r"(?<!\S)Input:\s+(?=\S[^\n]{0,300}?\.tflite\b)"),
    ("oplog_output", r"(?<!\S)Output:\s+(?=\S[^\n]{0,300}?\.tflite\b)"),
    ("succeeded", r"Compilation\s+succeeded"),
    ("child", r"Compilation\s+child\s+process"),
    ("attempt", r"Started\s+a\s+compilation\s+timeout\s+timer|Searching\s+for\s+valid\s+delegate|"
                r"Try\s+to\s+compile\s+segment"),
    ("cut", r"Intermediate\s+tensors:\s*"),
    ("failed", r"Compilation\s+failed\s*!"),
    ("failed_because", r"Compilation\s+failed:"),
    ("timeout", r"Compilation\s+timeout\b"),
    ("invalid", r"Invalid\s+model:"),
    ("refused", r"Model\s+not\s+quantized|Model\s+could\s+not\s+be\s+parsed"),
    ("ice", r"Internal\s+compiler\s+error(?:\.\s*Aborting\s*!?)?"),
    ("uncaught", r"(?:libc\+\+abi(?:\.dylib)?:\s*)?terminat(?:ing|e\s+called)\b"),
    ("crash", r"(?:(?<!\S)\S{1,300}:\s+line\s+\d{1,9}:\s+\d{1,9}\s+)?(?:Segmentation\s+fault|Aborted\s+\(core|"
              r"Bus\s+error|Illegal\s+instruction|Floating\s+point\s+exception|Killed\s+\$)|std::bad_alloc|Check\s+failed:"),
    ("mlir", r"(?:loc\([^\n]{0,400}?\)|<unknown>:\d{1,9}):\s*error:"),
    ("error", r"(?-i:\bERROR):"),
    ("file_error", r"Error\s+opening\s+file|The\s+number\s+of\s+lists\s+given\s+to"),
    ("tflite", _TFLITE),
    ("command", r"(?<![\w'-])edgetpu_compiler\s+(?=[^\s:\"'])"),
)  # fmt: skip
# A message begins where a word does, not inside a path or a list of tensor names.
ANCHOR = re.compile(
    r"(?<![A-Za-z0-9_/.;,-])(?=[A-Z</:\\])(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _ANCHORS)
    + ")",
    re.IGNORECASE,
)

# Words of which every anchor has one: most lines of a long text are dismissed by them.
HINTS = (
    "edge", "compil", "input", "output", "chip memory", "number of op", "operation", "operator", "error",
    "intermediate", "segment", "delegate", "model", "terminat", "dumped", "exception", "instruction", "fault", "killed",
    "bad_alloc", "check failed", "registration", "builtin", "custom op", "node number", "tensorflow ops",
    "execution plan", "lists given", "did not get",
)  # fmt: skip

SIZE = re.compile(r"\d{1,12}(?:\.\d{1,6})?\s?(?:[KMG]i)?B\b")
NUMBER = re.compile(r"\d{1,9}")


class ErrorKind(NamedTuple):
    """How an error line is recognized, how much it says (higher wins) and what it is called."""

    pattern: re.Pattern[str]
    weight: int
    kind: str


def _error(pattern: str, weight: int, kind: str) -> ErrorKind:
    return ErrorKind(re.compile(pattern, re.IGNORECASE), weight, kind)


# The first pattern that matches decides. Weight 3 names the cause, 2 the place or the stage, 1 only
# that something went wrong, 0 nothing at all.
ERROR_KINDS = (
    _error(r"^Compilation\s+failed\s*!", 0, "bare_failed"),
    _error(r"^Invalid\s+model:", 1, "invalid_model_only"),
    _error(r"Registration\s+failed", 1, "parse"),
    _error(r"Restored\s+original\s+execution\s+plan", 1, "delegate"),
    _error(r"^Internal\s+compiler\s+error", 1, "ice"),
    _error(r"^Compilation\s+failed:\s*Internal\s+error", 1, "ice"),
    _error(r"^Compilation\s+failed:\s*Model\s+failed\s+in", 1, "interpreter_prepare"),
    _error(r"^Model\s+could\s+not\s+be\s+parsed", 2, "parse"),
    _error(r"Node\s+number\s+\d+\s+\(Flex", 2, "flex"),
    _error(r"^(?:ERROR:\s*)?Node\s+number", 2, "interpreter_prepare"),
    _error(r"Didn.t\s+find\s+op", 3, "op_version"),
    _error(r"builtin_code\s+out\s+of\s+range", 3, "op_version"),
    _error(r"unresolved\s+custom\s+op", 3, "custom_op"),
    _error(r"Regular\s+TensorFlow\s+ops", 3, "flex"),
    _error(r"dynamic-sized\s+tensors", 3, "dynamic_tensors"),
    _error(r"Did\s+not\s+get\s+operators", 3, "parse"),
    _error(r"Model\s+not\s+quantized", 3, "not_quantized"),
    _error(r"large\s+activation\s+tensors", 3, "large_activations"),
    _error(r"Compilation\s+timeout", 3, "timeout"),
    _error(r"terminat(?:ing|e\s+called)|std::bad_alloc", 3, "uncaught_exception"),
    _error(
        r"Segmentation\s+fault|core\s+dumped|Bus\s+error|Illegal\s+instruction|Floating\s+point|Killed",
        3,
        "segfault",
    ),
    _error(r"not\s+supported\s+on\s+DarwiNN|:\s*error:", 3, "mlir_unsupported"),
    _error(r"Error\s+opening\s+file", 3, "output_file"),
    _error(r"^(?:ERROR:\s*)?:\d+\s", 3, "interpreter_prepare"),
    _error(r"", 3, "other"),
)


def kind_of_error(line: str) -> ErrorKind:
    return next(kind for kind in ERROR_KINDS if kind.pattern.search(line))

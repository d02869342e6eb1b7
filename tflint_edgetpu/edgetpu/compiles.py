"""What a file as a whole makes of a compilation: whether it ends with a compiled model, and what is printed.

The compiler loads a file as TensorFlow Lite does: the parser looks at the table of operator codes, then
every operator is prepared.  Either step can refuse the file before any operator is placed.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator
from ..model.record import NamedTuple
from .custom_op import CUSTOM_OP
from .operator_placement import OperatorPlacement
from .support.types import EIGHT_BIT
from .tail import DECODERS
from .target import TILE_ACTIVATION_BYTES, Target
from .tiles import bytes_on_fullest_tile

COMPILES = "compiles"
MAPS_NOTHING = "maps nothing"  # exit status 0, and a file without a part for the Edge TPU
FAILS = "fails"
NOT_PARSABLE = "not parsable"
# The compiler stops at the file as a whole.
REFUSED = (FAILS, NOT_PARSABLE)

# Custom operators the compiler's interpreter knows: seen in compiled models.
KNOWN_CUSTOM = DECODERS.union((CUSTOM_OP,))

_OLDER = "An older version of this builtin might be supported. Are you using an old TFLite binary with a newer model?"
_FLEX = (
    "ERROR: Regular TensorFlow ops are not supported by this interpreter. Make sure you apply/link the Flex "
    "delegate before inference."
)
_DYNAMIC = (
    "ERROR: Attempting to use a delegate that only supports static-sized tensors with a graph that has "
    "dynamic-sized tensors."
)


class Compiles(NamedTuple):
    """The verdict on a file; ``error`` is the line the compiler would print, ``None`` where there is none."""

    verdict: str  # compiles, maps nothing, fails, not parsable
    error: str | None
    reason: str | None  # in our words
    certainty: str
    risk: str | None = None  # why a file that should compile may not: always a guess

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the file can run on the Edge TPU, wherever its operators would be placed."""
        return self.verdict in REFUSED


def judge_file(model: Model, target: Target, dataflow: Dataflow) -> Compiles | None:
    """The verdict on a file that no compilation gets past; ``None`` where operators get placed."""
    return (
        _unknown_operator(model, target)
        or _empty(model)
        or _unresolved(model)
        or _fails_to_prepare(model)
        or _dynamic(model, dataflow)
        or _not_quantized(model)
    )


def judge_compilation(
    model: Model, target: Target, dataflow: Dataflow, operators: Sequence[OperatorPlacement]
) -> Compiles:
    """The verdict on a file and the placement of its operators."""
    refused = judge_file(model, target, dataflow)
    if refused is not None:
        return refused
    if all(placed.on != "edgetpu" for placed in operators):
        return Compiles(MAPS_NOTHING, None, "no operator is mapped to the Edge TPU", _weakest(operators))
    return Compiles(COMPILES, None, None, _weakest(operators), _activation_risk(model, operators))


def _unknown_operator(model: Model, target: Target) -> Compiles | None:
    from .versions.parser import FIRST_UNKNOWN_CODE, known_to  # pages of tables, read when a file is judged

    for code in model.operator_codes:
        if code.builtin_code >= FIRST_UNKNOWN_CODE:
            line = (
                f"ERROR: Op builtin_code out of range: {code.builtin_code}. Are you using old TFLite binary with "
                "newer model?"
            )
            return Compiles(NOT_PARSABLE, line, f"{code.kind} is newer than the compiler", "measured")
    for code in model.operator_codes:
        if code.kind == "CUSTOM" or known_to(code.kind, code.builtin_code, code.version, target):
            continue
        line = f"ERROR: Didn't find op for builtin opcode '{code.kind}' version '{code.version}'. {_OLDER}"
        reason = f"{code.kind} version {code.version} is newer than compiler {target.name}"
        return Compiles(NOT_PARSABLE, line, reason, "measured" if code.kind in _SEEN_REFUSED else "guess")
    return None


# Operators whose new versions were seen refused. Source: google-coral/edgetpu issues 34, 45, 147, 210, 631,
# 845, 879, libedgetpu issue 71.
_SEEN_REFUSED = frozenset(("CONV_2D", "EXP", "QUANTIZE", "RELU", "RESIZE_BILINEAR", "TRANSPOSE_CONV"))


def _empty(model: Model) -> Compiles | None:
    if model.main.operators:
        return None
    line = "ERROR: Did not get operators, tensors, or buffers in subgraph 0."
    return Compiles(NOT_PARSABLE, line, "the main subgraph has no operator", "measured")


def _unresolved(model: Model) -> Compiles | None:
    for operator in model.main.operators:
        name = operator.custom_code
        if operator.kind != "CUSTOM" or name in KNOWN_CUSTOM:
            continue
        if name is not None and name.startswith("Flex"):
            return Compiles(FAILS, _FLEX, f"{name} is an operator of TensorFlow", "measured")
        line = f"ERROR: Encountered unresolved custom op: {name}."
        return Compiles(FAILS, line, f"the compiler does not know {name}", "measured")
    return None


def _fails_to_prepare(model: Model) -> Compiles | None:
    """What the kernels of TensorFlow 2.5 refuse. Source: tensorflow/lite/kernels/kernel_util.cc (v2.5.0) and
    conv.cc; google-coral/edgetpu issue 212 and logs with ``scale_diff / output_scale <= 0.02``."""
    for operator in model.main.operators:
        if operator.kind not in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"):
            continue
        line = _wrong_bias(operator)
        if line is not None:
            return Compiles(
                FAILS, line, f"the bias of {operator.ref} does not fit its input and weights", "measured"
            )
    return None


def _wrong_bias(operator: Operator) -> str | None:
    values, weights, bias, output = operator.input(0), operator.input(1), operator.input(2), operator.output()
    if values is None or weights is None or bias is None or output is None or values.dtype not in EIGHT_BIT:
        return None
    if bias.dtype != "INT32":
        return f"ERROR: :334 bias->type != kTfLiteInt32 ({bias.dtype} != INT32)"
    if operator.kind != "FULLY_CONNECTED" and values.dtype != "UINT8":
        return None  # only these two paths compare the scales
    parts = (values.quantization, weights.quantization, bias.quantization, output.quantization)
    if any(part is None or len(part.scales) != 1 for part in parts):
        return None
    read, held, added, written = (part.scales[0] for part in parts if part is not None)
    if written > 0 and abs(read * held - added) / written > 0.02:
        return "ERROR: :317 scale_diff / output_scale <= 0.02 was not true."
    return None


def _dynamic(model: Model, dataflow: Dataflow) -> Compiles | None:
    from .dynamic_shapes import find_dynamic_sizes

    sizes = find_dynamic_sizes(model, dataflow)
    if not sizes.results:
        return None
    first = sizes.results[0].operator
    return Compiles(FAILS, _DYNAMIC, f"the size of the result of {first.label} is computed", "measured")


def _not_quantized(model: Model) -> Compiles | None:
    """No operator works on quantized 8-bit values. Threads: float models, float16 weights, dynamic range
    (google-coral/edgetpu issues 79, 168, 213, 290)."""
    is_constant = model.is_constant
    weights = False
    for operator in model.main.operators:
        for tensor in operator.tensors:
            if tensor.dtype in EIGHT_BIT and tensor.is_quantized:
                if not is_constant(tensor):
                    return None
                weights = True
    reason = "only the weights are quantized" if weights else "nothing in the model is quantized"
    return Compiles(FAILS, "Model not quantized", reason, "guess" if weights else "measured")


def _weakest(operators: Sequence[OperatorPlacement]) -> str:
    """How sure the least sure verdict is."""
    found = {placed.certainty for placed in operators}
    return next((word for word in ("guess", "documented", "measured") if word in found), "measured")


def _activation_risk(model: Model, operators: Sequence[OperatorPlacement]) -> str | None:
    """Compilations that died of "large activation tensors": no size separates them from those that did not,
    so that this can only be told as a risk (google-coral/edgetpu issues 512, 490, 651)."""
    largest, name = 0, ""
    for placed in operators:
        if placed.on != "edgetpu":
            continue
        tensors = [
            tensor
            for tensor in placed.operator.tensors
            if tensor.dtype in EIGHT_BIT and not model.is_constant(tensor)
        ]
        size = max((bytes_on_fullest_tile(tensor.shape) for tensor in tensors), default=0)
        if size > largest:
            largest, name = size, tensors[-1].name
    if largest <= TILE_ACTIVATION_BYTES:
        return None
    return (
        f"'{name}' takes {largest:,} bytes of a tile's {TILE_ACTIVATION_BYTES:,}: such models were seen to compile "
        "and to die of 'large activation tensors'"
    )

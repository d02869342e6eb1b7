"""Lines -> compiler runs and the models they report on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .phrases import ANCHOR, CONTENT, HINTS, NUMBER, SIZE, kind_of_error
from .result import LogLine
from .rows import is_translation, rows_in
from .run import Block, Run

# Kept of one text. The largest real log has 169 rows and 535 attempts; beyond these numbers entries are
# counted, not kept, so that memory stays bounded whatever the text is.
MOST_ROWS = 20_000
MOST_ERRORS = 5_000
MOST_MODELS = 1_000  # and as many runs and commands
LONGEST_TEXT = 2_000  # characters of an error line, a name or a command

_NAME_END = re.compile(r"\.(?:tflite|log)(?=$|[\s)|\"'`<,;\u3000])")
_IN_BRACKETS = re.compile(r"\(\s*([^()]*B)\s*\)")
_FOREIGN_TAIL = re.compile(r"\s{2,}\S.*$|\s+[^\x00-\x7f].*$")
_FOREIGN_PART = re.compile(r"(?<=\S)\s+(?=[^\x00-\u024f\u2000-\u206f])")
# Messages that decide a run even when a model was compiled before: the compiler stops at them.
_FINAL = frozenset(("invalid", "refused", "ice", "uncaught", "crash", "file_error", "mlir"))
_ERRORS = _FINAL | {"failed", "failed_because", "timeout", "error", "tflite"}


class Collector:
    """Reads line after line; :attr:`runs` is the result."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.commands: list[LogLine] = []
        self.mentioned_version: str | None = None
        self.dropped = 0
        self._rows = self._errors = self._models = 0
        self._pending_command: str | None = None
        self._in_table = False
        self._milliseconds: tuple[int, int] | None = None  # of the next summary, and the line that says so

    def read(self, number: int, line: str) -> None:
        """Take in one logical line."""
        lowered = line.lower()
        anchors = list(self._anchors(line)) if any(hint in lowered for hint in HINTS) else []
        if not anchors:
            self._read_rows(line, number)
            return
        if anchors[0].start():
            self._read_rows(line[: anchors[0].start()], number)
        ends = [anchor.start() for anchor in anchors[1:]] + [len(line)]
        for anchor, end in zip(anchors, ends, strict=True):
            self._event(anchor, line, end, number)

    @staticmethod
    def _anchors(line: str) -> Iterator[re.Match[str]]:
        """Where the known messages of a line begin; what an 'ERROR:' quotes is part of it."""
        inside = ""
        for anchor in ANCHOR.finditer(line):
            kind = anchor.lastgroup or ""
            if kind == "tflite" and (
                inside in ("error", "failed_because", "mlir") or (not inside and anchor.start())
            ):
                continue  # quoted by another message, or in a sentence of a person
            if kind in ("command", "tflite", "crash") and inside == "crash":
                continue
            inside = kind
            yield anchor

    def _event(self, anchor: re.Match[str], line: str, end: int, number: int) -> None:
        kind = anchor.lastgroup or ""
        text = line[anchor.end() : end].strip()[:LONGEST_TEXT]
        if kind == "version":
            self._version(anchor[0], number, at_start=anchor.start() == 0)
        elif kind == "version_mention":
            self.mentioned_version = self.mentioned_version or _version_in(anchor[0])
        elif kind == "command":
            self._command(_without_translation(line[anchor.start() : end].strip()), number)
        elif kind in CONTENT:
            self._label(kind, text, number)
        elif kind in ("oplog_input", "oplog_output"):
            self._operation_log("input_model" if kind == "oplog_input" else "output_model", text, number)
        elif kind == "header":
            self._in_table = True
            block = self._block("table")
            if block is not None:
                block.complete = True
            self._read_rows(text, number)
        elif kind in _ERRORS:
            self._error(kind, line[anchor.start() : end].strip(), number)
        else:
            self._progress(kind, anchor[0], number)
        if kind not in ("header", "version_mention"):
            self._in_table = False

    # Runs

    def _version(self, text: str, number: int, *, at_start: bool) -> None:
        command, self._pending_command = self._pending_command, None
        certain = at_start or command is not None
        run = self.runs[-1] if self.runs else None
        # Standard error may come first; a version that is only mentioned may precede the log.
        reuse = (
            run is not None and not run.certain and (run.is_empty or (run.version is None and not run.blocks))
        )
        if run is None or not reuse:
            run = self._new_run(certain=certain)
        elif run.version is None:
            run.errors = [line for line in run.errors if kind_of_error(line.text).kind != "other"]
            run.failed = run.failed and bool(run.errors)
        run.certain = run.certain or certain
        run.version = _version_in(text)
        run.asks_version = command is not None and bool({"-v", "--version"} & set(command.split()))

    def _command(self, text: str, number: int) -> None:
        if len(self.commands) < MOST_MODELS:
            self.commands.append(LogLine(text[:LONGEST_TEXT], number))
        self._pending_command = text

    def _run(self) -> Run:
        """The run that a line belongs to. A command without a version line behind it begins one, too."""
        run = self.runs[-1] if self.runs else None
        if run is None or (self._pending_command is not None and not run.is_empty):
            run = self._new_run(certain=False)
        self._pending_command = None
        return run

    def _new_run(self, *, certain: bool) -> Run:
        run = Run(len(self.runs) + 1, certain=certain)
        if len(self.runs) >= MOST_MODELS:  # the last one counts most
            self.dropped += 1
            self.runs[-1] = run
        else:
            self.runs.append(run)
        return run

    # Models

    def _new_block(self, kind: str) -> Block | None:
        if self._models >= MOST_MODELS:
            self.dropped += 1
            return None
        self._models += 1
        run = self._run()
        if run.blocks:
            run.blocks[-1].complete = True
        block = Block(run.number, kind)
        run.blocks.append(block)
        run.succeeded, run.attempt_open = True, False
        if self._milliseconds is not None:
            block.set("milliseconds", *self._milliseconds)
        return block

    def _block(self, kind: str) -> Block | None:
        """The model that is being reported on."""
        run = self._run()
        return run.blocks[-1] if run.blocks and not run.attempt_open else self._new_block(kind)

    def _label(self, field: str, text: str, number: int) -> None:
        value: str | int | None
        size: str | None = None
        if CONTENT[field] == "name":
            value, size = _name(text)
        elif CONTENT[field] == "size":
            found = SIZE.search(text)
            value = found[0] if found else None
        else:
            digits = NUMBER.search(text)
            value = int(digits[0]) if digits else None
        if value is None:
            return
        block = self._block("stdout")
        if block is not None and block.holds(field) and block.values[field] != value:
            block = self._new_block("stdout")
        if block is None:
            return
        if block.kind == "table":
            block.kind = "stdout"
        block.set(field, value, number)
        if size is not None and field in ("input_model", "output_model"):
            block.set(field.replace("model", "size"), size, number)

    def _operation_log(self, field: str, text: str, number: int) -> None:
        value, _ = _name(text)
        if value is None:
            return
        run = self._run()
        block: Block | None = run.blocks[-1] if run.blocks else None
        if block is None or block.kind != "oplog" or field in block.values:
            block = self._new_block("oplog")
        if block is not None:
            block.set(field, value, number)

    def _read_rows(self, line: str, number: int) -> None:
        for row in rows_in(line, number, in_table=self._in_table):
            run = self.runs[-1] if self.runs else None
            last = run.blocks[-1].rows[-1:] if run and run.blocks else []
            if last and is_translation(row) and (last[0].operator, last[0].count) == row[:2]:
                continue
            block = self._block("table")
            if block is not None and (row.operator, row.status) in block.pairs:
                block = self._new_block("table")
            if block is None or self._rows >= MOST_ROWS:
                self.dropped += 1
                continue
            self._rows += 1
            block.rows.append(row)
            block.pairs.add((row.operator, row.status))
            block.complete = True
            self._in_table = True

    # Everything else

    def _progress(self, kind: str, message: str, number: int) -> None:
        run = self._run()
        if kind == "attempt":
            run.attempt_open = True
            run.attempts += message.lower().startswith("started")
            self._milliseconds = None
        elif kind in ("compiled", "not_all", "see_log", "succeeded"):
            run.succeeded, run.failed, run.attempt_open = True, False, False
            if kind == "compiled":
                took = NUMBER.search(message)
                self._milliseconds = (int(took[0]), number) if took else None
                if run.blocks:
                    run.blocks[-1].complete = True
                    run.attempt_open = True  # the next summary is another model's
            elif kind == "not_all":
                block = self._block("stdout")
                if block is not None:
                    block.not_all = block.complete = True
            elif run.blocks:
                run.blocks[-1].complete = True
        elif kind == "child":
            if run.attempt_open:
                run.succeeded, run.failed = False, True
            elif run.blocks:
                run.blocks[-1].complete = True

    def _error(self, kind: str, text: str, number: int) -> None:
        run = self._run()
        # Standard error may come after the summary it precedes; only a later attempt can undo a success.
        if kind in _FINAL or not run.succeeded or run.attempt_open:
            run.succeeded, run.failed = False, True
        if kind == "invalid":
            name, _ = _name(text.partition(":")[2].strip())
            text = f"Invalid model: {name}" if name else text
        elif kind in ("failed", "refused", "ice"):
            text = _exactly(text)
        else:
            text = _without_translation(text)
        if self._errors >= MOST_ERRORS:
            self.dropped += 1
            return
        self._errors += 1
        run.errors.append(LogLine(text[:LONGEST_TEXT], number))


def _version_in(text: str) -> str:
    return text.split()[-1].lstrip("vV")


def _exactly(text: str) -> str:
    """A message of fixed wording without what stands behind it."""
    found = ANCHOR.match(text)
    return found[0].strip() if found else text


def _without_translation(text: str) -> str:
    """An error message without what a translator or a quotation appended."""
    foreign = _FOREIGN_PART.search(text)
    if foreign and text[: foreign.start()].replace("n't", "").count("'") % 2 == 0:
        text = text[: foreign.start()].rstrip()
    text = re.sub(r"\s[>|\s]*$", "", text).rstrip("`")
    return text[:-1].rstrip() if text.endswith('"') and text.count('"') % 2 else text


def _name(text: str) -> tuple[str | None, str | None]:
    """A file name, and the size that a hand-edited text puts in brackets behind it."""
    found = _NAME_END.search(text)
    if found is None:
        name = _FOREIGN_TAIL.sub("", text).strip(" |`\"'")
        return name or None, None
    size = _IN_BRACKETS.search(text, found.end())
    inside = SIZE.search(size[1]) if size else None
    return text[: found.end()].strip(), inside[0] if inside else None

"""A file or bytes -> :class:`CompilerLog`, in linear time and bounded memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from ...model.errors import ReadError
from ...model.schema import FILE_IDENTIFIER
from .blocks import Collector
from .outcome import failure_kind, most_specific, outcome_of, outcome_of_run
from .phrases import ANCHOR, STATUSES, kind_of_error
from .result import CompilerLog, LoggedModel, Outcome
from .rows import rows_in
from .run import Block, Run
from .text import lines
from .unwrap import unwrap

_CHUNK = 2**16
_SURE = frozenset(
    ("version", "compiled", "on_chip_used", "off_chip", "subgraphs", "ops_edgetpu", "ops_cpu", "refused", "ice",
     "child", "succeeded", "attempt", "timeout", "not_all")
)  # fmt: skip


def read_log(source: str | os.PathLike[str] | bytes) -> CompilerLog:
    """Read a log from a path or from bytes; raises :class:`ReadError` for what is no readable file.

    Any text gives a result; :attr:`CompilerLog.recognized` tells whether it comes from a compiler.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _collect(_slices(bytes(source)), None)
    try:
        with open(source, "rb") as file:
            return _collect(_chunks(file), os.fspath(source))
    except FileNotFoundError:
        raise ReadError("no such file") from None
    except IsADirectoryError:
        raise ReadError("this is a directory, not a compiler log") from None
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror or error}") from error


def is_compiler_output(head: bytes) -> bool:
    """Whether the beginning of a file looks like output of the compiler (64 KiB of it are enough)."""
    if head[4:8] == FILE_IDENTIFIER:
        return False  # a model, in whose names anything may stand
    for number, line in unwrap(lines(_slices(head))):
        if any(anchor.lastgroup in _SURE for anchor in ANCHOR.finditer(line)):
            return True
        if any(row.status in STATUSES for row in rows_in(line, number, in_table=False)):
            return True
    return False


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _slices(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _CHUNK):
        yield data[start : start + _CHUNK]


def _collect(chunks: Iterator[bytes], path: str | None) -> CompilerLog:
    collector = Collector()
    for number, line in unwrap(lines(chunks)):
        collector.read(number, line)
    runs = _with_operation_logs(_real_runs(collector.runs))
    last = runs[-1] if runs else None
    outcome = outcome_of_run(last) if last else None
    failed = last is not None and outcome == Outcome.FAILURE
    error = most_specific(last.errors) if last is not None and failed else None
    models = tuple(_logged(block) for run in runs for block in run.blocks)
    versions = [run.version for run in runs if run.version]
    statuses = dict.fromkeys(row.status for model in models for row in model.rows)
    return CompilerLog(
        path=path,
        compiler_version=versions[-1] if versions else collector.mentioned_version,
        outcome=outcome,
        models=models,
        runs=len(runs),
        commands=tuple(collector.commands),
        error=error,
        error_lines=tuple(line for run in runs for line in run.errors),
        failure_kind=failure_kind(error) if failed else None,
        attempts=last.attempts if last else 0,
        unknown_statuses=tuple(status for status in statuses if status not in STATUSES),
        dropped=collector.dropped,
    )


def _logged(block: Block) -> LoggedModel:
    def text(field: str) -> str | None:
        value = block.values.get(field)
        return value if isinstance(value, str) else None

    def number(field: str) -> int | None:
        value = block.values.get(field)
        return value if isinstance(value, int) else None

    return LoggedModel(
        block.run, block.kind, outcome_of(block), text("input_model"), text("input_size"), text("output_model"),
        text("output_size"), text("on_chip_available"), text("on_chip_used"), text("on_chip_remaining"),
        text("off_chip"), number("subgraphs"), number("ops_total"), text("operation_log"), number("ops_edgetpu"),
        number("ops_cpu"), number("milliseconds"), tuple(block.rows), tuple(block.lines.items()),
    )  # fmt: skip


def _real_runs(runs: list[Run]) -> list[Run]:
    """Without versions that are only talked about, and without messages that no compiler wrote.

    A line that begins with 'ERROR:' outside every run may come from pip or from a training script: it
    counts only where TensorFlow Lite is known to write it.
    """
    real = []
    for run in runs:
        if not run.version and not run.blocks:
            run.errors = [line for line in run.errors if kind_of_error(line.text).kind != "other"]
            if not run.errors and not run.succeeded and not run.attempts:
                continue
        if run.certain or not run.is_empty:
            real.append(run)
    return real or [run for run in runs[-1:] if run.version]


def _with_operation_logs(runs: list[Run]) -> list[Run]:
    """A ``*_edgetpu.log`` that follows the console output of the same compile describes the same model."""
    kept: list[Run] = []
    for run in runs:
        if not (kept and _takes_over(kept[-1], run)):
            kept.append(run)
    for number, run in enumerate(kept, 1):
        for block in run.blocks:
            block.run = number
    return kept


def _takes_over(console: Run, run: Run) -> bool:
    if len(run.blocks) != 1 or run.blocks[0].kind != "oplog" or run.errors or not console.blocks:
        return False
    table, summary = run.blocks[0], console.blocks[-1]
    if summary.kind != "stdout" or table.name("output_model") != summary.name("output_model"):
        return False
    if summary.rows and {row[:3] for row in summary.rows} != {row[:3] for row in table.rows}:
        return False
    summary.rows = table.rows
    summary.complete = True
    return True

"""A compiler log as plain data. The names are those of the JSON report."""

from __future__ import annotations

from typing import Any

from ...model.record import NamedTuple
from ..support.constraint import Status

_UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


class Outcome:
    """How a compile ended. ``None`` stands for a text that ends before one can know."""

    FULL = "success_full"  # every operator runs on the Edge TPU
    PARTIAL = "success_partial"
    NONE_MAPPED = "success_none_mapped"  # called a success, and yet no operator runs on the Edge TPU
    FAILURE = "failure"


class LogLine(NamedTuple):
    """A line worth showing, with its number from 1."""

    text: str
    line: int


class LogRow(NamedTuple):
    """One row of the operator table: the compiler prints one for each operator and status."""

    operator: str
    count: int  # type: ignore[assignment]  # a tuple's own 'count' is of no use here
    status: str  # the known string, or what stands there, verbatim
    line: int

    @property
    def is_mapped(self) -> bool:
        return self.status == Status.MAPPED

    def to_dict(self) -> dict[str, Any]:
        return {"operator": self.operator, "count": self.count, "status": self.status}


class LoggedModel(NamedTuple):
    """One model the compiler reports on. Sizes are kept as printed: ``3.70MiB``."""

    run: int
    kind: str  # stdout: console output; oplog: a *_edgetpu.log file; table: rows alone
    outcome: str | None
    input_model: str | None
    input_size: str | None
    output_model: str | None
    output_size: str | None
    on_chip_available: str | None  # compilers 1.0 and 2.0
    on_chip_used: str | None
    on_chip_remaining: str | None  # compilers from 2.1 on
    off_chip: str | None
    subgraphs: int | None
    ops_total: int | None
    operation_log: str | None
    ops_edgetpu: int | None
    ops_cpu: int | None
    milliseconds: int | None  # how long the compiler took
    rows: tuple[LogRow, ...]
    lines: tuple[tuple[str, int], ...]  # field -> number of its line

    def line_of(self, *fields: str) -> int | None:
        """The line of the first of ``fields`` that was printed."""
        lines = dict(self.lines)
        return next((lines[field] for field in fields if field in lines), None)

    @property
    def operators(self) -> int | None:
        """Operators of the model: the printed total, or what the other numbers add up to."""
        if self.ops_total is not None:
            return self.ops_total
        if self.ops_edgetpu is not None and self.ops_cpu is not None:
            return self.ops_edgetpu + self.ops_cpu
        if self.kind == "oplog" or self.outcome is not None:
            return sum(row.count for row in self.rows) or None
        return None

    @property
    def mapped(self) -> int | None:
        """Operators on the Edge TPU, as printed or counted from the rows."""
        if self.ops_edgetpu is not None:
            return self.ops_edgetpu
        if self.outcome == Outcome.FULL:
            return self.operators
        if self.outcome == Outcome.NONE_MAPPED:
            return 0
        if self.ops_cpu is not None and self.ops_total is not None:
            return self.ops_total - self.ops_cpu
        return sum(row.count for row in self.rows if row.is_mapped) if self.rows else None

    @property
    def on_cpu(self) -> int | None:
        if self.ops_cpu is not None:
            return self.ops_cpu
        total, mapped = self.operators, self.mapped
        return total - mapped if total is not None and mapped is not None else None

    @property
    def result(self) -> tuple[object, ...]:
        """What two reports on one model with the same result have in common: all but times and lines."""
        rows = sorted((row.operator, row.count, row.status) for row in self.rows)
        return (
            self.input_model, self.input_size, self.output_size, self.on_chip_used, self.off_chip, self.subgraphs,
            self.operators, self.mapped, tuple(rows),
        )  # fmt: skip

    @property
    def rows_complete(self) -> bool:
        """Whether the table accounts for every operator."""
        total = self.operators
        return bool(self.rows) and total is not None and sum(row.count for row in self.rows) == total

    def to_dict(self) -> dict[str, Any]:
        values = self._asdict()
        del values["lines"]
        values["rows"] = [row.to_dict() for row in self.rows]
        return values


# Fields that describe one model; null at the top where the text reports on several.
_SCALARS = (
    "input_model", "input_size", "output_model", "output_size", "on_chip_available", "on_chip_used",
    "on_chip_remaining", "off_chip", "subgraphs", "ops_total", "ops_edgetpu", "ops_cpu", "operation_log",
    "milliseconds",
)  # fmt: skip


class CompilerLog:
    """Everything one text says about the compiler's work."""

    __slots__ = (
        "attempts", "commands", "compiler_version", "distinct_models", "dropped", "error", "error_lines",
        "failure_kind", "models", "outcome", "path", "runs", "unknown_statuses",
    )  # fmt: skip

    def __init__(
        self,
        *,
        path: str | None,
        compiler_version: str | None,
        outcome: str | None,
        models: tuple[LoggedModel, ...],
        runs: int,
        commands: tuple[LogLine, ...],
        error: LogLine | None,
        error_lines: tuple[LogLine, ...],
        failure_kind: str | None,
        attempts: int,
        unknown_statuses: tuple[str, ...],
        dropped: int,
    ) -> None:
        self.path = path
        self.compiler_version = compiler_version
        self.outcome = outcome
        self.models = models
        self.distinct_models = _distinct(models)  # each once that was compiled again with the same result
        self.runs = runs
        self.commands = commands
        self.error = error  # the most specific line of the last run; None unless that one failed
        self.error_lines = error_lines
        self.failure_kind = failure_kind
        self.attempts = attempts  # of the last run: more than one in a -d search
        self.unknown_statuses = unknown_statuses
        self.dropped = dropped  # lines and rows left out because the text is larger than any real log

    @property
    def recognized(self) -> bool:
        """Whether anything in the text comes from the compiler."""
        return bool(self.compiler_version or self.models or self.error_lines)

    @property
    def model(self) -> LoggedModel | None:
        """The one model of the text; ``None`` where there is none or several."""
        return self.models[0] if len(self.models) == 1 else None

    @property
    def release(self) -> tuple[int, int] | None:
        """``(16, 0)`` for compiler 16.0.384591198."""
        parts = (self.compiler_version or "").split(".")
        return (int(parts[0]), int(parts[1])) if len(parts) > 1 else None

    def flag(self, short: str, long: str) -> bool:
        """Whether the command that stands in the text uses a flag such as ``-a``."""
        return any(_has_flag(command.text, short, long) for command in self.commands)

    def to_dict(self) -> dict[str, Any]:
        only = self.model
        values: dict[str, Any] = {
            "compiler_version": self.compiler_version,
            "outcome": self.outcome,
            "outcome_in_text": self.outcome is not None,
        }
        for name in _SCALARS:
            values[name] = getattr(only, name) if only is not None else None
        values["rows"] = [row.to_dict() for model in self.models for row in model.rows]
        values["error"] = self.error.text if self.error else None
        values["error_lines"] = [line.text for line in self.error_lines]
        values["failure_kind"] = self.failure_kind
        values["models"] = max(1, len(self.models)) if self.recognized else 0
        values["runs"] = self.runs
        values["attempts"] = self.attempts
        values["per_model"] = [model.to_dict() for model in self.models]
        values["commands"] = [command.text for command in self.commands]
        values["unknown_statuses"] = list(self.unknown_statuses)
        values["dropped"] = self.dropped
        return values


def _distinct(models: tuple[LoggedModel, ...]) -> tuple[LoggedModel, ...]:
    """The last report of each result, in the order of these."""
    last: dict[tuple[object, ...], LoggedModel] = {}
    for model in models:
        last.pop(model.result, None)
        last[model.result] = model
    return tuple(last.values())


def _has_flag(command: str, short: str, long: str) -> bool:
    for word in command.split()[1:]:
        if word.startswith("--"):
            if word[2:].partition("=")[0] == long:
                return True
        elif word.startswith("-") and word[1:].isalpha() and short in word[1:]:
            return True  # flags without a value can be written together: -sa
    return False


def size_in_bytes(text: str | None) -> int | None:
    """Bytes of a printed size (``3.70MiB``, ``768.00B``), rounded as the compiler rounded it."""
    if text is None:
        return None
    number = text.rstrip("BKMGi ").strip()
    unit = text[len(number) :].strip()
    try:
        return round(float(number) * _UNITS[unit])
    except (ValueError, KeyError, OverflowError):
        return None


def printed_size(size: int) -> str:
    """``size`` bytes as the compiler prints them: ``3.70MiB``."""
    for unit in ("GiB", "MiB", "KiB"):
        if size >= _UNITS[unit]:
            return f"{size / _UNITS[unit]:.2f}{unit}"
    return f"{size:.2f}B"

"""How a model, a run and a whole text ended."""

from __future__ import annotations

from .phrases import kind_of_error
from .result import LogLine, Outcome
from .run import Block, Run


def outcome_of(block: Block) -> str | None:
    """The outcome of one model; ``None`` where the text ends before it can be known."""
    total, mapped, on_cpu = (_number(block, field) for field in ("ops_total", "ops_edgetpu", "ops_cpu"))
    if mapped == 0 or _number(block, "subgraphs") == 0:
        return Outcome.NONE_MAPPED
    if mapped is not None:
        left = on_cpu if on_cpu is not None else None if total is None else total - mapped
        if left is not None:
            return Outcome.PARTIAL if left > 0 else Outcome.FULL
    if block.not_all or on_cpu:
        return Outcome.PARTIAL
    if block.rows:
        in_rows = sum(row.count for row in block.rows if row.is_mapped)
        if in_rows == sum(row.count for row in block.rows):
            return Outcome.FULL
        return Outcome.PARTIAL if in_rows else Outcome.NONE_MAPPED
    return Outcome.FULL if block.complete else None


def _number(block: Block, field: str) -> int | None:
    value = block.values.get(field)
    return value if isinstance(value, int) else None


def outcome_of_run(run: Run) -> str | None:
    """A run fails when the last thing it tried failed; models that differ make it partial."""
    if run.failed and not run.succeeded:
        return Outcome.FAILURE
    outcomes = [outcome_of(block) for block in run.blocks]
    if not outcomes:
        return None if run.succeeded or run.asks_version else Outcome.FAILURE
    if all(outcome == outcomes[0] for outcome in outcomes):
        return outcomes[0]
    known = {outcome for outcome in outcomes if outcome is not None}
    return None if len(known) < 2 and None in outcomes else Outcome.PARTIAL


def most_specific(errors: list[LogLine]) -> LogLine | None:
    """The line that says most about the cause; of several, the first."""
    return max(errors, key=lambda line: kind_of_error(line.text).weight, default=None)


def failure_kind(error: LogLine | None) -> str:
    return kind_of_error(error.text).kind if error is not None else "no_error_line"

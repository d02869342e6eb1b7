"""What the rules of this family share: which models of a log to speak about, and where to point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from tflint_edgetpu.api import (
    Context,
    Location,
    Operator,
    Severity,
    Status,
    counted,
    described,
    percent,
    shortened,
)

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompiledModel, CompilerLog, LoggedModel, LogRow, TableReading

# Kinds that carry arithmetic: one of them on the CPU costs time even where nothing stands behind it.
HEAVY = frozenset(
    ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "TRANSPOSE_CONV", "BATCH_MATMUL", "LSTM",
     "UNIDIRECTIONAL_SEQUENCE_LSTM")
)  # fmt: skip


def is_beside_model(context: Context) -> bool:
    """Whether the model that the compiler was given is examined, not its log or the compiled file alone."""
    return context.has_model and not context.is_compiled


def is_of_this_model(compiled: CompiledModel, context: Context) -> bool:
    """Whether a twin was made from the model under examination; a compiled file alone always counts."""
    return context.observed is None or context.observed.compiled is compiled


def logged_models(log: CompilerLog, context: Context) -> tuple[LoggedModel, ...]:
    """The models of ``log`` that count: each of a log by itself, once; beside a model only its own."""
    if not is_beside_model(context):
        return log.distinct_models
    observed = context.observed
    return (observed.logged,) if observed is not None and observed.logged is not None else ()


def about(logged: LoggedModel, log: CompilerLog) -> str:
    """``'x.tflite': `` in front of a message where the log is about several models."""
    if len(log.distinct_models) < 2 or logged.input_model is None:
        return ""
    return f"'{shortened(logged.input_model)}': "


def row_place(row: LogRow) -> Location:
    return _line(row.line, f"{row.operator} x{row.count}", f"{row.operator}:{row.status}")


def field_place(logged: LoggedModel, *fields: str) -> Location:
    """The line of the first of ``fields`` that was printed, or of the first row."""
    line = logged.line_of(*fields) or (logged.rows[0].line if logged.rows else None)
    line = line or logged.line_of("input_model", "output_model", "ops_edgetpu", "ops_cpu", "subgraphs") or 1
    return _line(line, f"line {line}", fields[0])


def line_place(line: int, anchor: str) -> Location:
    return _line(line, f"line {line}", anchor)


def _line(line: int, label: str, anchor: str) -> Location:
    return Location("log", f"line {line}", label, f"log:{anchor}", None, line)


class Refused(NamedTuple):
    """Operators that print one status and are no usual end: as rows of a log, and where they are pinned
    to the model's operators, as those.
    """

    logged: LoggedModel
    table: TableReading
    rows: tuple[LogRow, ...]
    operators: tuple[Operator, ...]

    @property
    def places(self) -> list[Location | Operator]:
        return list(self.operators) or [row_place(row) for row in self.rows]

    @property
    def number(self) -> int:
        return len(self.operators) or sum(row.count for row in self.rows)

    @property
    def names(self) -> str:
        from tflint_edgetpu.api import row_names

        return described(self.operators) if self.operators else row_names(self.rows)

    @property
    def are(self) -> str:
        return "is" if self.number == 1 else "are"


def refused_with(statuses: Iterable[str], log: CompilerLog, context: Context) -> Iterator[Refused]:
    """The refused operators with any of ``statuses``, one group for each model of the log. Beside a model
    those are left out that another rule has explained.
    """
    from tflint_edgetpu.api import TableReading

    wanted = frozenset(statuses)
    for logged in logged_models(log, context):
        table = TableReading(logged)
        rows = tuple(row for row in table.breakers if row.status in wanted)
        operators: tuple[Operator, ...] = ()
        if is_beside_model(context):
            operators, rows = _unexplained(rows, wanted, context)
        if rows or operators:
            yield Refused(logged, table, rows, operators)


def is_explained(operator: Operator, context: Context) -> bool:
    """Whether a finding about the model says why the operator is refused. One that was predicted to map,
    with whatever doubts, is not explained.
    """
    return context.is_explained(operator) and context.placed(operator).role == "breaker"


def _unexplained(
    rows: tuple[LogRow, ...], wanted: frozenset[str], context: Context
) -> tuple[tuple[Operator, ...], tuple[LogRow, ...]]:
    observed = context.observed
    assert observed is not None
    ends = context.placement.tail | context.placement.entry
    pinned = [operator for status in wanted for operator in observed.with_status(status)]
    operators = tuple(o for o in pinned if o not in ends and not is_explained(o, context))
    known = {(operator.kind, observed.of(operator).status) for operator in pinned}  # type: ignore[union-attr]
    left = tuple(
        row
        for row in rows
        if (row.operator, row.status) not in known and _explained(row, context) < row.count
    )
    return operators, left


def _explained(row: LogRow, context: Context) -> int:
    """How many operators that would print ``row`` another rule has named."""
    return sum(
        placed.operator.kind == row.operator
        and placed.status == row.status
        and (is_explained(placed.operator, context) or placed.operator in context.placement.tail)
        for placed in context.placement.operators
    )


def severity_of(refused: Refused, context: Context) -> Severity:
    """``ERROR`` where the group has cut arithmetic off, ``WARNING`` where it may have or where it is
    arithmetic itself, ``INFO`` where nothing stands behind it.
    """
    if refused.operators:
        share = _share(_behind(refused.operators, context) | set(refused.operators), context)
        return Severity.ERROR if share >= 0.01 else Severity.WARNING if share else Severity.INFO
    if refused.table.victims:
        likely = any(row in refused.table.likely_breakers for row in refused.rows)
        heavy = any(row.operator in HEAVY for row in refused.table.victims)
        return Severity.ERROR if likely and heavy else Severity.WARNING
    heavy = any(row.operator in HEAVY for row in refused.rows)
    return Severity.WARNING if heavy or (refused.logged.subgraphs or 1) > 1 else Severity.INFO


def cost_of(refused: Refused, context: Context) -> str:
    if refused.operators:
        behind = _behind(refused.operators, context)
        share = _share(behind | set(refused.operators), context)
        it = "it" if len(refused.operators) == 1 else "them"
        left = f"{counted(len(behind), 'operator')} behind {it} " if behind else "nothing behind "
        verb = "runs" if len(behind) == 1 else "run"
        text = f"{left}{verb} on the CPU" if behind else f"nothing else is left to the CPU because of {it}"
        return f"{text}; {percent(share)} of the arithmetic leaves the Edge TPU" if share else text
    them = "them" if refused.number > 1 else "it"
    victims = refused.table.victims_count
    if victims:
        likely = any(row in refused.table.likely_breakers for row in refused.rows)
        start = "" if likely else "if they stand before the end of the model, "
        left = "is" if victims == 1 else "are"
        return f"{start}{counted(victims, 'operator')} that the Edge TPU could run {left} left to the CPU behind {them}"
    if (refused.logged.subgraphs or 1) > 1:
        return "each of them is a way from the Edge TPU to the CPU and back"
    return f"no other operator is left to the CPU because of {them}"


def _behind(operators: tuple[Operator, ...], context: Context) -> set[Operator]:
    """What is left on the CPU behind ``operators``, as observed."""
    observed = context.observed
    assert observed is not None
    return {
        operator
        for operator in context.dataflow.downstream(operators)
        if (pinned := observed.of(operator)) is not None and pinned.status == Status.MORE_THAN_ONE_SUBGRAPH
    }


def _share(operators: set[Operator], context: Context) -> float:
    macs = sum(context.placed(operator).macs for operator in operators)
    return macs / context.placement.macs if context.placement.macs else 0.0

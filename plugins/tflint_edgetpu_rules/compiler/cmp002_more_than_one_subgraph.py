"""CMP002 more-than-one-subgraph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Severity,
    Status,
    counted,
    described,
    named,
)

from .evidence import HEAVY, about, is_beside_model, is_explained, logged_models, row_place

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompilerLog, LoggedModel, LogRow, TableReading

WORDS = {
    Status.UNSPECIFIED: "unspecified limitation",
    Status.DATA_TYPE: "unsupported data type",
    Status.NOT_SUPPORTED: "not supported",
    Status.VERSION: "version not supported",
    Status.RANK: "unsupported rank",
    Status.NOT_CONSTANT: "weights or bias not constant",
    Status.UNIT_STRIDES: "steps larger than 1",
}


class MoreThanOneSubgraph(Rule):
    """Operators that are only victims: the compiler could map them, but not there.

    ## Why it matters
    `More than one subgraph is not supported` does not mean that these operators are wrong. The compiler
    makes one Edge TPU part; it ends at the first operator that it refuses, and what depends on that one is
    left to the CPU with this status. The table prints victims and culprits side by side, in no order.

    ## How to fix
    Mend the operators with another status, the explicit ones first; then compile again. From a log alone
    one can tell which statuses can have broken the chain, not which operator it was: lint the model beside
    its log for that. `-a` compiles every part, at the price of a way to the CPU and back for each.

    ## References
    - https://github.com/google-coral/edgetpu/issues/461
    - https://github.com/google-coral/edgetpu/issues/317
    """

    meta = RuleMeta(
        "CMP002", "more-than-one-subgraph", Severity.ERROR, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/461",), covers=("L002",),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import TableReading

        for logged in logged_models(log, context):
            table = TableReading(logged)
            if not table.victims:
                continue
            if is_beside_model(context):
                yield from self._beside_model(table, context)
            else:
                yield self._from_table(logged, table, log)

    def _beside_model(self, table: TableReading, context: Context) -> Iterator[Finding]:
        observed = context.observed
        assert observed is not None
        victims = observed.with_status(Status.MORE_THAN_ONE_SUBGRAPH)
        culprits = [
            operator
            for operator in context.model.main.operators
            if (pinned := observed.of(operator)) is not None
            and pinned.on == "cpu"
            and pinned.status not in (None, Status.MORE_THAN_ONE_SUBGRAPH)
            and not is_explained(operator, context)
            and operator not in context.placement.tail
            and operator not in context.placement.leading
        ]
        cut_off = context.dataflow.downstream(culprits).intersection(victims)
        culprits = [one for one in culprits if context.dataflow.downstream([one]) & cut_off]
        if not culprits:
            return  # what broke the chain has a finding of its own
        first = culprits[0]
        yield self.finding(
            culprits,
            f"{counted(len(cut_off), 'operator')} listed as 'More than one subgraph is not supported' "
            f"{'stands' if len(cut_off) == 1 else 'stand'} behind {described(culprits)}; the first is at "
            f"{named(first)}: {_word(observed.of(first).status)}",  # type: ignore[union-attr]
            cost=f"{counted(len(cut_off), 'operator')} that the Edge TPU could run on the CPU",
            related=[operator for operator in victims if operator in cut_off],
            evidence={"victims": table.victims_count, "culprits": len(culprits)},
            fix=Fix(f"Mend {described(_of_kind(culprits, first))} first"),
        )

    def _from_table(self, logged: LoggedModel, table: TableReading, log: CompilerLog) -> Finding:
        from tflint_edgetpu.api import row_names

        likely = table.likely_breakers if table.breakers else []
        # A table that is cut off may lack the rows of the arithmetic: then the numbers decide.
        heavy = any(row.operator in HEAVY for row in table.victims) or (
            not logged.rows_complete and (logged.on_cpu or 0) > (logged.mapped or 0)
        )
        return self.finding(
            [row_place(row) for row in likely or table.victims],
            f"{about(logged, log)}{_counts(logged, table)} only victims: {_culprit(table, likely, log)}{_ends(table)}",
            severity=Severity.ERROR if heavy else Severity.WARNING,
            certainty=Certainty.MEASURED if len(table.breakers) == 1 else Certainty.GUESS,
            cost=f"{row_names(table.victims)}: the Edge TPU could run them",
            related=[row_place(row) for row in table.victims],
            evidence={
                "operators": logged.operators,
                "on_cpu": logged.on_cpu,
                "victims": table.victims_count,
                "culprits": [_row(row) for row in table.breakers],
                "usual_ends": [_row(row) for row in table.ends],
            },
            fix=_cure(table, likely),
        )


def _counts(logged: LoggedModel, table: TableReading) -> str:
    victims = table.victims_count
    if logged.on_cpu is None or logged.operators is None:
        return f"{counted(victims, 'operator')} {'is' if victims == 1 else 'are'}"
    least = "" if logged.rows_complete else "at least "
    part = f"{least}{victims} of them are" if victims < logged.on_cpu else "all of them are"
    return f"{logged.on_cpu} of {logged.operators} operators run on the CPU, and {part}"


def _culprit(table: TableReading, likely: list[LogRow], log: CompilerLog) -> str:
    """Why the victims are there."""
    behind = "fine by themselves, but left behind an operator that was refused"
    if likely:
        several = len({row.status for row in likely}) > 1
        return f"{behind}; {'one of ' if several else ''}{_refusals(likely)} broke the chain"
    if log.attempts > 1 or log.flag("i", "intermediate_tensors"):
        return "fine by themselves, but -d or -i cut the model before them"
    if table.ends:
        return f"{behind}; only {_refusals(table.ends)} can have broken the chain"
    return f"{behind}; the row of the culprit is missing from the log"


def _ends(table: TableReading) -> str:
    """The operators of which people ask why they run on the CPU, and that have to."""
    from tflint_edgetpu.api import row_names

    if not table.ends or not table.breakers:
        return ""
    custom = any(row.operator == "CUSTOM" for row in table.ends)
    others = [row for row in table.ends if row.operator != "CUSTOM"]
    words = [row_names(others)] if others else []
    if custom:
        words.append("the CUSTOM postprocess")
    verb = "runs" if sum(row.count for row in table.ends) == 1 else "run"
    return f"; {' and '.join(words)} {verb} there in every model of this kind"


def _of_kind(operators: list[Operator], first: Operator) -> list[Operator]:
    return [operator for operator in operators if operator.kind == first.kind]


def _word(status: str | None) -> str:
    return WORDS.get(status or "", status or "no reason given")


def _row(row: LogRow) -> dict[str, object]:
    return {"operator": row.operator, "count": row.count, "status": row.status}


def _refusals(rows: list[LogRow]) -> str:
    """``PACK x4 (unsupported rank)``, the rows of one status together; three of them at most."""
    from tflint_edgetpu.api import row_names

    by_status: dict[str, list[LogRow]] = {}
    for row in rows:
        by_status.setdefault(row.status, []).append(row)
    words = [f"{row_names(group)} ({_word(status)})" for status, group in by_status.items()]
    return ", ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")


def _cure(table: TableReading, likely: list[LogRow]) -> Fix:
    from tflint_edgetpu.api import row_names

    others = [row for row in table.breakers if row not in likely]
    lines = []
    if others:
        lines.append(f"then, if something is still cut off: {_refusals(others)}")
    lines.append("which operator it was, and what each repair brings, needs the model beside its log:")
    lines.append("tflint-edgetpu lint model.tflite --log model_edgetpu.log")
    title = (
        f"Mend {row_names(likely)} first" if likely else "Lint the model beside its log to name the culprit"
    )
    return Fix(title, how="\n".join(lines))

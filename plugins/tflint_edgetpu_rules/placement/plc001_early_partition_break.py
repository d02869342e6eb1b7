"""PLC001 early-partition-break."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    counted,
    described,
    named,
    percent,
    reason_of,
)

if TYPE_CHECKING:
    from tflint_edgetpu.api import Break, Repair

LISTED = 50  # breaks in the evidence; the message and the plan name the first ones


class EarlyPartitionBreak(Rule):
    """The part that runs on the Edge TPU ends before the end of the model.

    ## Why it matters
    The compiler makes one Edge TPU part of the graph: it starts at the first operator it supports and takes
    everything that can be reached without crossing one it refuses. What depends on a refused operator runs
    on the CPU, however well the Edge TPU could do it, and the compiler's log lists it as `More than one
    subgraph is not supported`. Independent branches are not lost, wherever they stand in the file. This
    finding is the sum, predicted: what runs where, where the chain breaks, and what mending would bring.

    ## How to fix
    Each break has a finding of its own that says how to mend it. Start with the one that brings back most:
    the plan in the finding has that order, and each of its steps includes those before it. Its numbers hold
    if what replaces the mended operators maps.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    - https://github.com/google-coral/edgetpu/issues/461
    - https://github.com/google-coral/edgetpu/issues/317
    """

    meta = RuleMeta(
        "PLC001", "early-partition-break", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("O003",),
    )  # fmt: skip
    general = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        placement = context.placement
        if not placement.edgetpu or not placement.breakers or not context.what_if.breaks:
            return
        what_if = context.what_if
        now, start, best, breaks = what_if.now, what_if.plan[0], what_if.smallest, what_if.breaks
        total = len(placement.operators)
        blocked = sum(
            placed.role == "blocked" and placed.operator not in placement.tail
            for placed in placement.operators
        )
        first = f"{described(breaks[0].operators)} at {named(breaks[0].operators[0])}"
        more = f" and at {counted(len(breaks) - 1, 'more place')}" if len(breaks) > 1 else ""
        yield self.finding(
            [broken.operators[0] for broken in breaks],
            f"{now.mapped} of {total} operators, {percent(now.share)} of the arithmetic, "
            f"{'runs' if now.mapped == 1 else 'run'} on the Edge TPU; the chain breaks at {first}{more}",
            severity=context.severity_of_loss(best.operators),
            certainty=context.certainty_of(best.operators),
            cost=f"{counted(blocked, 'operator')} that the Edge TPU could run "
            f"{'is' if blocked == 1 else 'are'} left to the CPU behind {counted(len(breaks), 'break')}",
            evidence={
                "operators": total,
                "mapped": now.mapped,
                "share": now.share,
                "breaks": [_evidence(context, broken) for broken in breaks[:LISTED]],
                "breaks_in_all": len(breaks),
                "smallest_repair": {
                    "operators": [operator.ref for operator in best.operators],
                    "mapped": best.mapped,
                    "share": best.share,
                },
            },
            fix=Fix(
                f"Mend {described(start.operators)} first: then {start.mapped} of {total} operators and "
                f"{percent(start.share)} of the arithmetic map",
                Safety.MANUAL,
                "\n".join(_plan(context)),
            ),
        )


def _evidence(context: Context, broken: Break) -> dict[str, Any]:
    repair = context.what_if.mended([broken])
    return {
        "operators": [operator.ref for operator in broken.operators],
        "kinds": described(broken.operators),
        "reason": context.placed(broken.operators[0]).reason,
        "mapped_if_mended": repair.mapped,
        "share_if_mended": repair.share,
    }


def _plan(context: Context) -> Iterator[str]:
    operators = context.placement.operators
    steps, best = context.what_if.plan, context.what_if.smallest

    def where(repair: Repair) -> str:
        return f"{repair.mapped} of {len(operators)} operators, {percent(repair.share)} of the arithmetic"

    yield f"now: {where(context.what_if.now)}"
    mended: tuple[Operator, ...] = ()
    for number, step in enumerate(steps, start=1):
        added = step.operators[len(mended) :]
        mended = step.operators
        if not added:  # only in graphs that go round in circles
            continue
        yield f"{number}. {described(added)} at {named(added[0])}: {where(step)}"
        yield f"   {reason_of(context.placed(added[0]))}"
    if len(mended) < len(best.operators):
        yield f"{len(steps) + 1}. all {len(best.operators)} refused operators that matter: {where(best)}"
    to_mend = set(best.operators)
    rest = [
        placed.operator for placed in operators if placed.role == "breaker" and placed.operator not in to_mend
    ]
    if rest:
        yield f"what stays on the CPU then, at no further cost: {described(rest)}"

"""PLC003 uncertain-placement."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    OperatorPlacement,
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


class UncertainPlacement(Rule):
    """Operators whose placement nobody knows before the compiler has run.

    ## Why it matters
    The limits of the Edge TPU are not published. Some are known only as the largest case that was seen to map
    and the smallest that was seen refused; an operator between the two is predicted one way or the other.
    The finding says for which operators, by which numbers, and what the model would come to if the guess is
    wrong.

    ## How to fix
    Nothing to fix. Compile the model and look at the operators' status in the log, or move away from the
    limit: a smaller input, fewer channels.

    ## References
    - https://github.com/google-coral/edgetpu/issues/663
    """

    meta = RuleMeta(
        "PLC003", "uncertain-placement", Severity.INFO, Certainty.GUESS,
        references=("https://github.com/google-coral/edgetpu/issues/663",), covers=("O003",),
    )  # fmt: skip
    general = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        placement = context.placement
        unsure = [
            placed
            for placed in placement.operators
            if placed.certainty == "guess" and placed.reason and placed.operator not in placement.tail
        ]
        if not unsure:
            return
        hoped = [placed.operator for placed in unsure if placed.role != "breaker"]
        feared = [placed.operator for placed in unsure if placed.role == "breaker"]
        worst = _share(context, placement.mapped_if(refused=hoped))
        best = _share(context, placement.mapped_if(repaired=feared))
        operators = [placed.operator for placed in unsure]
        reasons = list(_reasons(unsure))
        yield self.finding(
            operators,
            f"the prediction is uncertain for {counted(len(unsure), 'operator')}: {described(operators)}",
            cost=_cost(placement.share, worst, best),
            evidence={
                "operators": len(unsure),
                "share": placement.share,
                "share_at_worst": worst,
                "share_at_best": best,
                "reasons": reasons,
            },
            fix=Fix(
                "Compile it and look at the status of these operators", Safety.MANUAL, "\n".join(reasons)
            ),
        )


def _cost(predicted: float, worst: float, best: float) -> str:
    low, high = percent(worst), percent(best)
    if low == high:
        return "hardly any arithmetic depends on them"
    return (
        f"predicted: {percent(predicted)} of the arithmetic on the Edge TPU; it is {low} to {high} where the "
        "prediction is wrong"
    )


def _share(context: Context, mapped: set[Operator]) -> float:
    operators = context.placement.operators
    total = context.placement.macs
    if not total:
        return len(mapped) / len(operators)
    return sum(placed.macs for placed in operators if placed.operator in mapped) / total


def _reasons(unsure: list[OperatorPlacement]) -> Iterator[str]:
    """One line for each constraint and kind, by its first operator."""
    seen: set[tuple[str | None, str]] = set()
    for placed in unsure:
        key = placed.constraint, placed.operator.kind
        if key not in seen:
            seen.add(key)
            taken = "refused" if placed.role == "breaker" else "supported"
            yield f"{placed.operator.kind} {named(placed.operator)}, taken as {taken}: {reason_of(placed)}"

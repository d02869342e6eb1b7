"""CMP014 other-than-predicted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Severity,
    described,
    named,
    reason_of,
)

if TYPE_CHECKING:
    from tflint_edgetpu.api import Disagreement

REPORTED = 20  # operators in the text to paste


class OtherThanPredicted(Rule):
    """The compiler did with an operator what this tool did not predict.

    ## Why it matters
    The prediction rests on public evidence. Where the compiler's log or the compiled file shows that it was
    wrong, what the other findings say about these operators does not hold for your compiler. The log is
    right.

    ## How to fix
    Nothing in the model. Please report it: the finding holds everything that is needed, and no weights.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    """

    meta = RuleMeta(
        "CMP014", "other-than-predicted", Severity.INFO, Certainty.MEASURED,
        references=("https://coral.ai/docs/edgetpu/models-intro",),
    )  # fmt: skip
    explains = False

    def check_model(self, context: Context) -> Iterator[Finding]:
        observed = context.observed
        if observed is None or not observed.disagreements:
            return
        found = observed.disagreements
        operators = [one.operator for one in found]
        first = found[0]
        yield self.finding(
            operators,
            f"the compiler treated {described(operators)} otherwise than predicted; the first is at "
            f"{named(first.operator)}: predicted '{first.predicted}', observed {_seen(first)}",
            cost="what the other findings say about these operators does not hold for this compiler",
            evidence={
                "operators": [_evidence(one, context) for one in found[:REPORTED]],
                "in_all": len(found),
            },
            fix=Fix("Report it with these lines", how="\n".join(_report(found, context))),
        )


def _seen(one: Disagreement) -> str:
    """A status in quotes; a compiled file tells only where the operator is."""
    where = {"cpu": "on the CPU", "edgetpu": "on the Edge TPU"}
    return where.get(one.observed, f"'{one.observed}'")


def _evidence(one: Disagreement, context: Context) -> dict[str, Any]:
    operator = one.operator
    placed = context.placed(operator)
    return {
        "ref": operator.ref,
        "operator": operator.label,
        "version": operator.version,
        "predicted": one.predicted,
        "observed": one.observed,
        "reason": placed.reason,
        "certainty": placed.certainty,
        "constraint": placed.constraint,
        "tensors": [
            {"shape": list(tensor.shape), "dtype": tensor.dtype, "constant": context.is_constant(tensor)}
            for tensor in operator.tensors
        ],
        "options": str(operator.options) if operator.options is not None else None,
    }


def _report(found: tuple[Disagreement, ...], context: Context) -> Iterator[str]:
    version = context.log.compiler_version if context.log is not None else None
    yield f"compiler {version or 'unknown'}, predicted for {context.target.name}"
    for one in found[:REPORTED]:
        operator = one.operator
        shapes = " ".join(f"{tensor.dtype}{list(tensor.shape)}" for tensor in operator.tensors)
        yield f"{operator.label} v{operator.version} {shapes}"
        yield f"    {operator.options}" if operator.options is not None else "    no options"
        yield f"    predicted: {one.predicted}; {reason_of(context.placed(operator))}"
        yield f"    observed: {one.observed}"

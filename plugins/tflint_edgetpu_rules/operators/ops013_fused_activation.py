"""OPS013 fused-activation."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Edit,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    subject,
)

from .refusal import consequences, refused

# Why the activation can move before the operator without a change, where it can.
MOVES = {
    "MAX_POOL_2D": "put the activation before the pool: the maximum of clamped values is the clamped one",
    "CONCATENATION": "put the activation on each input: it then joins the convolution that makes it",
    "AVERAGE_POOL_2D": "an average of clamped values is another one: give the activation its own operator",
}


class FusedActivation(Rule):
    """A pool or concatenation with a fused activation.

    ## Why it matters
    Coral's table allows no fused activation in AVERAGE_POOL_2D, MAX_POOL_2D and CONCATENATION. The converter
    fuses a ReLU behind a pool by itself. What compiler 16.0 does with one is documented but was not seen:
    all pools and concatenations of known compiled models have none.

    ## How to fix
    Put the activation before a MAX_POOL_2D or on the inputs of a CONCATENATION: the result is the same, and
    it joins the convolution in front. Behind an AVERAGE_POOL_2D it needs an operator of its own, which the
    fix writes into the file (the converter would fuse it again).

    ## Fix safety
    Safe. The activation clamps the same integers to the same limits, one operator later.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    """

    meta = RuleMeta(
        "OPS013", "fused-activation", Severity.ERROR, Certainty.DOCUMENTED, fixable=True,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("O002",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = [
            operator
            for operator in refused(context, *MOVES)
            if operator.option("fused_activation_function", "NONE") != "NONE"
            and "fused" in (context.placed(operator).constraint or "")
        ]
        if not operators:
            return
        activation = operators[0].option("fused_activation_function")
        kinds = dict.fromkeys(operator.kind for operator in operators)
        yield self.finding(
            operators,
            f"{subject(operators)} {'has' if len(operators) == 1 else 'have'} a fused {activation}, "
            "which Coral's table does not allow there",
            **consequences(context, operators),
            evidence={"operators": len(operators)},
            fix=Fix(
                "Take the activation out of the operator",
                Safety.SAFE,
                "\n".join(f"{kind}: {MOVES[kind]}" for kind in kinds),
                tuple(Edit("unfuse-activation", operator.ref) for operator in operators),
            ),
        )

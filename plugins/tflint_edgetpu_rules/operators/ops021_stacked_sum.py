"""OPS021 stacked-sum."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    named,
    others_like_it,
    reason_of,
)

from .refusal import consequences, is_refused


class SumOfStack(Rule):
    """A sum of feature maps written as PACK and SUM.

    ## Why it matters
    EfficientDet adds the maps of its BiFPN by stacking them and summing over the new dimension. The stack of
    four-dimensional maps has five dimensions, more than three of them larger than 1, and the Edge TPU refuses
    it; everything behind the first fusion stays on the CPU.

    ## How to fix
    Add the maps one by one: ADD is in Coral's table. With weights, multiply each map before.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    """

    meta = RuleMeta(
        "OPS021", "stacked-sum", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("S003", "O001"),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        if not any(context.operators("PACK")) or not any(context.operators("SUM")):
            return
        from tflint_edgetpu.api import find_stacked_sums

        found = [
            total
            for total in find_stacked_sums(context.model, context.dataflow)
            if any(is_refused(context, operator) for operator in total.operators)
        ]
        if not found:
            return
        operators = [operator for total in found for operator in total.operators]
        broken = next(operator for operator in operators if is_refused(context, operator))
        addends = found[0].addends
        names = [f"x{number}" for number in range(addends)] if addends <= 4 else ["x0", "x1", "..."]
        yield self.finding(
            operators,
            f"a sum of {addends} maps at {named(broken)} is written as PACK and SUM"
            f"{others_like_it(len(found), 'sum')}; "
            f"the Edge TPU refuses the stack: {reason_of(context.placed(broken))}",
            **consequences(context, operators),
            evidence={"sums": len(found), "addends": addends},
            fix=Fix(
                "Add the maps one by one",
                Safety.MANUAL,
                f"{' + '.join(names)}   # in place of tf.reduce_sum(tf.stack([...], axis), axis)",
            ),
        )

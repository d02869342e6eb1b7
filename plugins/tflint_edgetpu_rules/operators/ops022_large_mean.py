"""OPS022 large-mean."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Edit,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    reason_of,
    subject,
)

from .refusal import consequences, refused

LIMIT = "a-mean-averages-few-enough-pixels"  # the constraint that refuses such a MEAN


class LargeMean(Rule):
    """A MEAN over more pixels than the Edge TPU averages at once.

    ## Why it matters
    Global average pooling of a large picture becomes a MEAN over rows and columns. One over 256 x 128 pixels
    was refused, over 64 x 128 they were mapped; what depends on the result runs on the CPU with it. The limit
    between the two is not published.

    ## How to fix
    Average bands of rows first, then their means: of bands of equal height that is the same mean. The user
    who found this saw all operators mapped afterwards. In Keras, an AveragePooling2D before the
    GlobalAveragePooling2D does it, too.

    ## Fix safety
    Unsafe. The means of the bands are rounded before they are averaged; the result may move by one step.

    ## References
    - https://github.com/google-coral/edgetpu/issues/461
    - https://github.com/google-coral/edgetpu/issues/183
    """

    meta = RuleMeta(
        "OPS022", "large-mean", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=(
            "https://github.com/google-coral/edgetpu/issues/461",
            "https://github.com/google-coral/edgetpu/issues/183",
        ),
        covers=("O002",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = [operator for operator in refused(context, "MEAN") if _is_too_large(context, operator)]
        if not operators:
            return
        first = operators[0]
        yield self.finding(
            operators,
            f"{subject(operators)} {'averages' if len(operators) == 1 else 'average'} too many pixels at once: "
            f"{reason_of(context.placed(first))}",
            **consequences(context, operators),
            evidence={"operators": len(operators)},
            fix=Fix(
                "Average bands of rows, then their means",
                Safety.UNSAFE,
                "tflint-edgetpu fix --unsafe-fixes model.tflite   # the result may move by one step\n"
                "Keras: GlobalAveragePooling2D()(AveragePooling2D(4)(x)) in place of GlobalAveragePooling2D()(x)",
                tuple(Edit("split-mean", operator.ref) for operator in operators),
            ),
        )


def _is_too_large(context: Context, operator: Operator) -> bool:
    return context.placed(operator).constraint == LIMIT

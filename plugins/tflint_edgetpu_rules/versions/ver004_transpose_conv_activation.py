"""VER004 transpose-conv-activation."""

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

from .refused_file import cost_of


class TransposeConvActivation(Rule):
    """A transposed convolution with a fused activation.

    ## Why it matters
    Converters since TensorFlow 2.13 fuse the activation behind a transposed convolution: TRANSPOSE_CONV
    version 4. The compiler's parser knows version 3 and refuses the file.

    ## How to fix
    Let the activation be split off in the file. In the source, something between the two keeps them apart,
    and `converter.experimental_new_converter = False` was reported to help with older TensorFlow.

    ## Fix safety
    Safe. The activation becomes an operator of its own that clamps the same integers to the same limits.

    ## References
    - https://github.com/google-coral/edgetpu/issues/845
    """

    meta = RuleMeta(
        "VER004", "transpose-conv-activation", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=("https://github.com/google-coral/edgetpu/issues/845",), covers=("V004",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = [
            operator
            for operator in context.operators("TRANSPOSE_CONV")
            if operator.option("fused_activation_function", "NONE") != "NONE"
        ]
        if operators:
            activation = operators[0].option("fused_activation_function")
            yield self.finding(
                operators,
                f"{subject(operators)} has a fused {activation}: version 4, where the compiler knows 3",
                cost=cost_of("TRANSPOSE_CONV", 4),
                evidence={"operators": len(operators), "activation": activation},
                fix=Fix(
                    f"Split the {activation} off",
                    Safety.SAFE,
                    edits=tuple(Edit("unfuse-activation", operator.ref) for operator in operators),
                ),
            )

"""VER004 transpose-conv-activation."""

from __future__ import annotations

from collections.abc import Iterator

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
    parser_limit,
    subject,
)

from .refused_file import cost_of, edits_of


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
        groups: dict[str, list[Operator]] = {}
        for operator in context.operators_everywhere("TRANSPOSE_CONV"):
            activation = operator.option("fused_activation_function", "NONE")
            if activation != "NONE":
                groups.setdefault(activation, []).append(operator)
        mended = {operator for operators in groups.values() for operator in operators}
        others = [
            o for o in context.operators_everywhere("TRANSPOSE_CONV") if o.version >= 4 and o not in mended
        ]
        for activation, operators in groups.items():
            edits = edits_of("unfuse-activation", operators, others)
            yield self.finding(
                operators,
                f"{subject(operators)} {'has' if len(operators) == 1 else 'have'} a fused {activation}: version 4, "
                f"compiler {context.target.name} knows versions up to {parser_limit('TRANSPOSE_CONV', context.target)}",
                cost=cost_of("TRANSPOSE_CONV", max(4, *(operator.version for operator in operators))),
                related=others,
                evidence={"operators": len(operators), "activation": activation},
                fix=Fix(
                    f"Split the {activation} off",
                    Safety.SAFE if edits else Safety.MANUAL,
                    "tflint-edgetpu fix model.tflite   # the same numbers, the activation by itself\n"
                    "or upsample in the source: Conv2D(filters, 3, padding='same')(UpSampling2D(2)(x)), and fine-tune",
                    edits,
                ),
            )

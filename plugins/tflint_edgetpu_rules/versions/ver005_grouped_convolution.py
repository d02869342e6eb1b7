"""VER005 grouped-convolution."""

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
    is_grouped,
    subject,
)

from .refused_file import cost_of


class GroupedConvolution(Rule):
    """A convolution in groups (`groups > 1`, ResNeXt, ShuffleNet).

    ## Why it matters
    Grouped convolutions are CONV_2D version 6, since TensorFlow 2.9; the compiler's parser knows 5. The
    number stands for all convolutions of the file. An older TensorFlow does not convert them at all.

    ## How to fix
    Write one convolution a group and concatenate, before converting (onnx2tf: `-dgc`) or in the file. Many
    groups of few channels are better trained as a depthwise convolution.

    ## Fix safety
    Unsafe. The sums are the same; LiteRT rounds grouped convolutions in another kernel, so single values
    move by one step.

    ## References
    - https://github.com/google-coral/edgetpu/issues/631
    """

    meta = RuleMeta(
        "VER005", "grouped-convolution", Severity.ERROR, Certainty.MEASURED, fixable=True,
        references=("https://github.com/google-coral/edgetpu/issues/631",), covers=("V005",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = [operator for operator in context.operators("CONV_2D") if is_grouped(operator)]
        if not operators:
            return
        image, filters = operators[0].inputs[0], operators[0].inputs[1]
        groups = image.shape[3] // filters.shape[3] if image and filters else 0
        yield self.finding(
            operators,
            f"{subject(operators)} works in {groups} groups: version 6, where the compiler knows 5",
            cost=cost_of("CONV_2D", 6),
            evidence={"operators": len(operators), "groups": groups},
            fix=Fix(
                f"Write SPLIT, {groups} convolutions and CONCATENATION",
                Safety.UNSAFE,
                "onnx2tf -i model.onnx -dgc -oiqt\n"
                "Keras: concatenate([Conv2D(filters // groups, size)(part) for part in tf.split(x, groups, axis=-1)])",
                tuple(Edit("split-groups", operator.ref) for operator in operators),
            ),
        )

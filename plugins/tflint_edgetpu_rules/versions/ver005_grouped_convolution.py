"""VER005 grouped-convolution."""

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
    is_grouped,
    parser_limit,
    subject,
)

from .refused_file import cost_of, edits_of

# Under a lower number, as AI Edge Quantizer leaves it. Source: conv.cc of TensorFlow 2.5, seen in its interpreter and
# in reports of edgetpu_compiler.
OLD_KERNEL = (
    'no part of the model is compiled: its kernel stops with "input->dims->data[3] != filter->dims->data[3]"'
)


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
        operators = [operator for operator in context.operators_everywhere("CONV_2D") if is_grouped(operator)]
        if not operators:
            return
        counts = sorted({_groups(operator) for operator in operators})
        many = f"{counts[0]} groups" if len(counts) == 1 else f"{counts[0]} to {counts[-1]} groups"
        others = [o for o in context.operators_everywhere("CONV_2D") if o.version >= 6 and not is_grouped(o)]
        edits = edits_of("split-groups", operators, others)
        yield self.finding(
            operators,
            f"{subject(operators)} {'works' if len(operators) == 1 else 'work'} in {many}: version 6, compiler "
            f"{context.target.name} knows versions up to {parser_limit('CONV_2D', context.target)}",
            cost=cost_of("CONV_2D", 6) if operators[0].version >= 6 else OLD_KERNEL,
            related=others,
            evidence={"operators": len(operators), "groups": counts, "same_version": len(others)},
            fix=Fix(
                f"Write SPLIT, {counts[0]} convolutions and CONCATENATION"
                if len(counts) == 1
                else "Write SPLIT, one convolution a group, and CONCATENATION",
                Safety.UNSAFE if edits else Safety.MANUAL,
                "tflint-edgetpu fix --unsafe-fixes model.tflite   # single values move by one step\n"
                "onnx2tf -i model.onnx -dgc -oiqt\n"
                "Keras: concatenate([Conv2D(filters // groups, size)(part) for part in tf.split(x, groups, axis=-1)])",
                edits,
            ),
        )


def _groups(operator: Operator) -> int:
    image, filters = operator.input(0), operator.input(1)
    return image.shape[3] // filters.shape[3] if image is not None and filters is not None else 0

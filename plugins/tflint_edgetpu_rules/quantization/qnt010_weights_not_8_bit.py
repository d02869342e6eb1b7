"""QNT010 weights-not-8-bit."""

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
    Severity,
    Tensor,
    has_scale,
    others_like_it,
    quoted,
)

from .recipes import FULL_INTEGER

LAYERS = {"CONV_2D": 0, "DEPTHWISE_CONV_2D": 0, "FULLY_CONNECTED": 0, "TRANSPOSE_CONV": 2}  # input: the image
WEIGHTS = 1
EIGHT_BIT = ("INT8", "UINT8")
# 4-bit weights need an operator version that the compiler cannot read: the versions family speaks of them.
SMALLER = ("INT4", "UINT4", "INT2")


class WeightsNot8Bit(Rule):
    """A layer with 8-bit activations whose weights are not quantized to 8 bits.

    ## Why it matters
    The Edge TPU multiplies 8-bit weights with 8-bit activations. For weights of another type or without a
    scale the interpreter has no kernel: the model does not load, or the operator is `working on an
    unsupported data type`.

    ## How to fix
    Convert again with full integer quantization of the whole model. Mixed recipes (weights kept in float or
    in 16 bits for some layers) are for other hardware.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro/#model-requirements
    - https://ai.google.dev/edge/litert/models/quantization_spec
    """

    meta = RuleMeta(
        "QNT010", "weights-not-8-bit", Severity.ERROR, Certainty.DOCUMENTED,
        references=(
            "https://coral.ai/docs/edgetpu/models-intro/#model-requirements",
            "https://ai.google.dev/edge/litert/models/quantization_spec",
        ),
        covers=("Q001",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        found: list[tuple[Operator, Tensor]] = []
        for operator in context.operators(*LAYERS):
            image, weights = operator.input(LAYERS[operator.kind]), operator.input(WEIGHTS)
            if image is None or weights is None or not context.is_constant(weights):
                continue
            if image.dtype not in EIGHT_BIT or not has_scale(image) or weights.dtype in SMALLER:
                continue
            if weights.dtype not in EIGHT_BIT or weights.quantization is None:
                found.append((operator, weights))
        if not found:
            return
        operator, weights = found[0]
        what = weights.dtype if weights.dtype not in EIGHT_BIT else f"{weights.dtype} without a scale"
        more = others_like_it(len(found), "layer")
        yield self.finding(
            [weights for _, weights in found],
            f"{operator.label} has 8-bit activations, but its weights {quoted(weights)} are {what}{more}",
            cost="the model does not load, or these layers run on the CPU",
            related=[operator for operator, _ in found],
            evidence={"operators": len(found), "dtype": weights.dtype},
            fix=Fix("Convert again with full integer quantization", how=FULL_INTEGER),
        )

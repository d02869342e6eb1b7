"""QNT007 fully-connected-per-channel-weights."""

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
    Tensor,
    quoted,
)


class FullyConnectedPerChannelWeights(Rule):
    """Dense layers whose int8 weights have a scale for each unit.

    ## Why it matters
    The converter of TensorFlow 2.17 and later quantizes dense layers per channel. The operator version
    stays the same, so nothing but the number of scales shows it. Kernels of the Edge TPU's generation read
    the first scale only: on the CPU kernel of TensorFlow 2.5.3 every such layer gave nothing but its zero
    point, without an error. That was measured on this CPU kernel; what the compiler makes of such a layer
    is unknown.

    Scales per channel are right for convolutions. In dynamic range models (float activations) they are
    another question, see QNT001.

    ## How to fix
    Convert again with
    `converter._experimental_disable_per_channel_quantization_for_dense_layers = True`, or convert with
    TensorFlow 2.16 or older. Without the source model `per-tensor-dense-weights` rounds the weights in the
    file to one scale.

    ## Fix safety
    Unsafe. Outputs moved by at most 2 steps on nine models when the weights were rounded in the file.

    ## References
    - https://github.com/tensorflow/tflite-micro/pull/2602
    - https://ai.google.dev/edge/litert/models/quantization_spec
    """

    meta = RuleMeta(
        "QNT007", "fully-connected-per-channel-weights", Severity.ERROR, Certainty.GUESS, fixable=True,
        references=(
            "https://github.com/tensorflow/tflite-micro/pull/2602",
            "https://ai.google.dev/edge/litert/models/quantization_spec",
        ),
        covers=("Q010",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        found: list[Operator] = []
        weights_of: dict[Tensor, Operator] = {}
        for operator in context.operators("FULLY_CONNECTED"):
            image, weights = operator.input(0), operator.input(1)
            if image is None or weights is None or weights.quantization is None:
                continue
            if image.dtype in ("INT8", "UINT8") and weights.quantization.per_channel:
                found.append(operator)
                weights_of.setdefault(weights, operator)
        if not found:
            return
        weights = next(iter(weights_of))
        scales = len(weights.quantization.scales) if weights.quantization else 0
        each = f"{len(found)} FULLY_CONNECTED operators have weights with a scale for each unit"
        if len(found) == 1:
            each = "a FULLY_CONNECTED has weights with a scale for each unit"
        yield self.finding(
            weights_of,
            f"{each} ({scales} scales in {quoted(weights)})",
            cost=(
                "older kernels read only the first scale and give wrong numbers without an error "
                "(measured on the TensorFlow 2.5.3 CPU kernel, not on the compiler)"
            ),
            related=found,
            evidence={"operators": len(found), "scales": scales},
            fix=Fix(
                "Convert again with one scale for the weights of a dense layer",
                Safety.UNSAFE,
                "converter._experimental_disable_per_channel_quantization_for_dense_layers = True"
                "  # TensorFlow 2.17 and later; older ones write one scale anyway",
                tuple(Edit("per-tensor-dense-weights", operator.ref) for operator in weights_of.values()),
            ),
        )

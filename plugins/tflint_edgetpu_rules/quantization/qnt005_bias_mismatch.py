"""QNT005 bias-mismatch."""

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
    others_like_it,
    quoted,
)

from .layer import Layer, Mismatch, layers

# A layer is wrong where its bias moves an output by more than the half step that rounding costs anyway.
ROUNDING = 0.5


class BiasMismatch(Rule):
    """A bias that does not fit its layer: another type, another scale or a zero point.

    ## Why it matters
    Kernels add the int32 bias to sums whose scale is input scale x weight scale, whatever scale the file
    gives for the bias. Where the two differ, the layer adds a wrong number: on the CPU and on the Edge TPU.

    For dense layers and uint8 convolutions the interpreter inside `edgetpu_compiler` checks this, and
    compilation ends with `scale_diff / output_scale <= 0.02 was not true` (older compilers:
    `std::abs(input_product_scale - bias_scale) <= 1e-6 * ...`), for a bias of another type with
    `bias->type != kTfLiteInt32`. A bias of zeros may have any scale in other layers.

    ## How to fix
    Convert again with a current TensorFlow; a bias scale comes from the converter, never from the data.
    `rescale-bias` writes the bias again with the scale that the kernels use.

    ## Fix safety
    Unsafe. The outputs change: they become those that were meant.

    ## References
    - https://ai.google.dev/edge/litert/models/quantization_spec
    - https://github.com/tensorflow/tensorflow/blob/v2.6.0/tensorflow/lite/kernels/kernel_util.cc
    - https://github.com/tensorflow/tensorflow/issues/41069
    - https://github.com/google-coral/edgetpu/issues/212
    """

    meta = RuleMeta(
        "QNT005", "bias-mismatch", Severity.ERROR, Certainty.DOCUMENTED, fixable=True,
        references=(
            "https://ai.google.dev/edge/litert/models/quantization_spec",
            "https://github.com/tensorflow/tensorflow/blob/v2.6.0/tensorflow/lite/kernels/kernel_util.cc",
            "https://github.com/tensorflow/tensorflow/issues/41069",
            "https://github.com/google-coral/edgetpu/issues/212",
        ),
        covers=("Q008",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        wrong_type: list[Layer] = []
        shifted: list[Layer] = []
        refused: list[Mismatch] = []
        inexact: list[Mismatch] = []
        for layer in layers(context):
            if layer.bias.dtype != "INT32":
                wrong_type.append(layer)
            elif layer.zero_point:
                shifted.append(layer)
            elif mismatch := layer.mismatch(context.model):
                if layer.is_refused(context.target):
                    refused.append(mismatch)
                elif mismatch.steps > ROUNDING:
                    inexact.append(mismatch)
        if wrong_type:
            yield self._wrong_type(wrong_type)
        if shifted:
            yield self._shifted(shifted)
        if refused:
            yield self._refused(refused, context)
        if inexact:
            yield self._inexact(inexact)

    def _wrong_type(self, found: list[Layer]) -> Finding:
        bias = found[0].bias
        return self.finding(
            [layer.bias for layer in found],
            f"{_subject(found[0])} is {bias.dtype} and must be INT32{others_like_it(len(found), 'layer')}",
            cost="compilation fails with 'bias->type != kTfLiteInt32': the model does not even load",
            evidence={"operators": len(found), "dtype": bias.dtype},
            fix=Fix(
                "Convert again with the batch normalization folded into its convolution",
                how="seen with a batch normalization that stood alone (google-coral/edgetpu issue 212):\n"
                "put it directly behind the convolution, the activation behind both;\n"
                "calibrate on real inputs",
            ),
        )

    def _shifted(self, found: list[Layer]) -> Finding:
        return self.finding(
            [layer.bias for layer in found],
            f"{_subject(found[0])} has zero point {found[0].zero_point} and must have 0"
            + others_like_it(len(found), "layer"),
            cost="compilation fails at 'bias->params.zero_point': the model does not even load",
            evidence={"operators": len(found), "zero_point": found[0].zero_point},
            fix=Fix("Convert again", how="the converter writes zero point 0; another tool changed the file"),
        )

    def _refused(self, found: list[Mismatch], context: Context) -> Finding:
        worst = max(found, key=lambda mismatch: mismatch.steps)
        return self.finding(
            [mismatch.layer.bias for mismatch in found],
            _scales(worst) + others_like_it(len(found), "layer"),
            cost=(
                f"compilation fails with '{worst.layer.complaint(context.target)} was not true': "
                "the model does not even load"
            ),
            evidence=_evidence(worst, len(found)),
            fix=_rescale(found),
        )

    def _inexact(self, found: list[Mismatch]) -> Finding:
        worst = max(found, key=lambda mismatch: mismatch.steps)
        return self.finding(
            [mismatch.layer.bias for mismatch in found],
            _scales(worst) + others_like_it(len(found), "layer"),
            severity=Severity.WARNING,
            cost=(
                f"kernels use input scale x weight scale, so an output of this layer is off by "
                f"{_steps(worst.steps)}, on the CPU and on the Edge TPU alike"
            ),
            evidence=_evidence(worst, len(found)),
            fix=_rescale(found),
        )


def _subject(layer: Layer) -> str:
    return f"the bias {quoted(layer.bias)} of {layer.operator.label}"


def _scales(mismatch: Mismatch) -> str:
    return (
        f"{_subject(mismatch.layer)} has scale {mismatch.given:.6g}, "
        f"but input scale x weight scale is {mismatch.expected:.6g}"
    )


def _steps(steps: float) -> str:
    if steps > 255:
        return "more than its whole range"
    return f"{steps:.0f} of its 256 steps" if steps >= 1.5 else "one step"


def _evidence(worst: Mismatch, count: int) -> dict[str, float]:
    return {
        "operators": count,
        "bias_scale": worst.given,
        "expected_scale": worst.expected,
        "steps": worst.steps,
    }


def _rescale(found: list[Mismatch]) -> Fix:
    operators = [mismatch.layer.operator for mismatch in found]
    edits = tuple(Edit("rescale-bias", op.ref) for op in operators if op.kind != "TRANSPOSE_CONV")
    return Fix(
        "Write the bias with the scale that the kernels use",
        Safety.UNSAFE if edits else Safety.MANUAL,
        "better: convert again with a current TensorFlow, it derives the scale of the bias itself",
        edits,
    )

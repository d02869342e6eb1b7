"""DET002 quantized-detections."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    DetectionOutput,
    Edit,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    real_range,
    tensor_location,
)


class QuantizedDetections(Rule):
    """The results of a detection postprocess squeezed into 8 bit.

    ## Why it matters
    With `inference_output_type = tf.uint8` newer converters append QUANTIZEs to the float outputs of
    `TFLite_Detection_PostProcess`. Their scales come from calibration: a class above the highest one that
    was seen there cannot be told any more, scores clip at the highest score seen, boxes move in steps.

    ## How to fix
    Set only the type of the input and leave `inference_output_type` alone:

        converter.inference_input_type = tf.uint8

    or let the QUANTIZEs be taken out of the file.

    ## Fix safety
    Safe. The float values are those that were rounded and clipped before; the outputs become float32.

    ## References
    - https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/detection_postprocess.cc
    """

    meta = RuleMeta(
        "DET002", "quantized-detections", Severity.WARNING, Certainty.MEASURED, fixable=True,
        references=(
            "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/"
            "detection_postprocess.cc",
        ),
        covers=("Q005",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        detection = context.detection
        if detection is None:
            return
        squeezed = [output for output in detection.outputs if any(o.kind == "QUANTIZE" for o in output.chain)]
        if not squeezed:
            return
        classes = detection.options.num_classes
        losses = [loss for output in squeezed if (loss := _loss(output, classes))]
        yield self.finding(
            [tensor_location(output.tensor, "output") for output in squeezed],
            f"{len(squeezed)} detection outputs are quantized to {squeezed[0].tensor.dtype.lower()} behind the "
            f"float postprocess{': ' if losses else ''}{'; '.join(losses)}",
            cost="detections lose precision or are cut off, and "
            f"{sum(len(output.chain) for output in squeezed)} more operators run on the CPU",
            related=[operator for output in squeezed for operator in output.chain],
            evidence={
                output.role: {"dtype": output.tensor.dtype, "range": real_range(output.tensor)}
                for output in squeezed
            },
            fix=Fix(
                "Leave the output type unset: detections are float32",
                Safety.SAFE,
                "converter.inference_input_type = tf.uint8   # and no inference_output_type",
                tuple(Edit("restore-float-detections", output.tensor.ref) for output in squeezed),
            ),
        )


def _loss(output: DetectionOutput, classes: int | None) -> str | None:
    """What an output cannot say any more, in one clause."""
    span = real_range(output.tensor)
    if span is None:
        return None
    low, high = span
    if output.role == "classes":
        if high < 0.5:
            return "no class but 0 can be told"
        if classes is not None and high < classes - 1:
            return f"no class above {int(high)} of {classes} can be told"
        if (high - low) / 255 > 1:
            return f"classes come in steps of {(high - low) / 255:.2g}"
        return None
    if output.role == "scores" and high < 0.95:
        return f"scores stop at {high:.2f}"
    if output.role == "boxes" and (high < 0.98 or low > 0.02):
        return f"boxes reach from {low:.2f} to {high:.2f} only"
    return None

"""DET002 quantized-detections."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    DetectionOptions,
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

from .consumers import CALLED

# A score of 1 and a box at the edge of the picture are there only if the range reaches them.
SCORE_ENDS = 0.95
BOX_ENDS = (0.02, 0.98)
# 255 steps over a picture and a quarter of it: coarser than 8 bits have to be.
BOX_STEP = 0.005
MOST_LOSSES = 4  # one for each kind of output


class QuantizedDetections(Rule):
    """The results of a detection postprocess squeezed into 8 bit.

    ## Why it matters
    With `inference_output_type = tf.uint8` newer converters append QUANTIZEs to the float outputs of
    `TFLite_Detection_PostProcess`. Their scales come from calibration: a class above the highest one that
    was seen there cannot be told any more, scores clip at the highest score seen, boxes move in steps.
    PyCoral and Frigate read these outputs without scaling them at all.

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
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        detection = context.detection
        if detection is None:
            return
        squeezed = [out for out in detection.outputs if any(o.kind == "QUANTIZE" for o in out.chain)]
        if not squeezed:
            return
        losses = [loss for output in squeezed if (loss := _loss(output, detection.options))]
        casts = dict.fromkeys(operator for output in squeezed for operator in output.chain)
        edits = tuple(
            Edit("restore-float-detections", output.tensor.ref) for output in squeezed if _can_go(output)
        )
        if context.is_compiled:
            edits = ()
        # Sources: detect.get_objects of PyCoral and detect_raw of Frigate's detector edgetpu_tfl.
        reader = CALLED.get(context.consumer or "")
        kinds = " and ".join(sorted({output.tensor.dtype.lower() for output in squeezed}))
        yield self.finding(
            [tensor_location(output.tensor, "output") for output in squeezed],
            f"{_counted(len(squeezed))} quantized to {kinds} behind the float postprocess"
            f"{': ' if losses else ''}{'; '.join(losses[:MOST_LOSSES])}",
            cost=(f"{reader} reads the integers without scaling them; " if reader else "")
            + f"detections are rounded or cut off, and {len(casts)} more operators run on the CPU",
            related=list(casts),
            evidence={
                output.role: {"dtype": output.tensor.dtype, "range": real_range(output.tensor)}
                for output in squeezed
            },
            fix=Fix(
                "Leave the output type unset: detections are float32",
                Safety.SAFE if edits else Safety.MANUAL,
                "converter.inference_input_type = tf.uint8   # and no inference_output_type",
                edits,
            ),
        )


def _counted(number: int) -> str:
    return "1 detection output is" if number == 1 else f"{number} detection outputs are"


def _can_go(output: DetectionOutput) -> bool:
    return all(operator.kind in ("QUANTIZE", "DEQUANTIZE") for operator in output.chain)


def _loss(output: DetectionOutput, options: DetectionOptions) -> str | None:
    """What an output cannot say any more, in one clause."""
    span = real_range(output.tensor)
    if span is None:
        return None
    low, high = span
    if output.role == "classes":
        return _lost_classes(high, (high - low) / 255, options.num_classes)
    if output.role == "scores" and high < SCORE_ENDS:
        return f"scores stop at {high:.2g}"
    if output.role == "boxes":
        step = (high - low) / 255
        if low > BOX_ENDS[0] or high < BOX_ENDS[1]:
            return f"boxes reach from {low:.2g} to {high:.2g} of the picture only"
        return f"boxes move in steps of {step:.1%} of the picture" if step > BOX_STEP else None
    if output.role == "count" and options.max_detections is not None and high < options.max_detections - 0.5:
        return f"the count stops at {high:.2g} of {options.max_detections}"
    return None


def _lost_classes(high: float, step: float, classes: int | None) -> str | None:
    if classes == 1:
        return None  # class 0 is all there is
    of = "" if classes is None else f" of {classes}"
    highest = int(high + 0.5)  # applications round, or lose one more
    if highest < 1:
        return f"classes reach {high:.2g}, so every detection is of class 0{of}"
    if classes is not None and highest < classes - 1:
        return f"classes stop at number {highest}{of}"
    if step > 1:
        return f"class numbers come in steps of {step:.2g}"
    return None

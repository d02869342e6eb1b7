"""CNV011 integer-detections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script


class IntegerDetections(Rule):
    """A detector whose outputs are asked for as integers.

    ## Why it matters
    The detection postprocess gives float boxes, classes, scores and a count. TensorFlow 2.6 kept them float whatever
    `inference_output_type` said. TensorFlow 2.21 puts a QUANTIZE behind each: scales come from calibration, so that a
    class above the highest one seen there cannot be told, scores stop at the highest one seen, and boxes move in steps
    (measured). PyCoral and Frigate read these outputs without scaling them.

    That the model is a detector is read from names in the file (SSD, EfficientDet, the Object Detection API): a guess
    where nothing names the postprocess. A raw head without postprocess may have integer outputs.

    ## How to fix
    Set the input type and leave the output type alone.

    ## References
    - https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/detection_postprocess.cc
    """

    meta = RuleMeta(
        "CNV011", "integer-detections", Severity.WARNING, Certainty.MEASURED,
        references=(
            "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/"
            "detection_postprocess.cc",
        ),
        covers=("Q005",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import is_integer, script_location

        from .purpose import called, spelled

        if not script.is_detector:
            return
        seen = set()
        for conversion in script.conversions:
            setting = conversion.last("inference_output_type")
            types = conversion.names("inference_output_type") & {"uint8", "int8"}
            if setting is None or not types or setting.span in seen or not is_integer(conversion, script):
                continue
            seen.add(setting.span)
            yield self.finding(
                script_location(script, setting.span),
                f"a detector's outputs are asked for as {min(types)}; they should stay float",
                cost="TensorFlow 2.6 kept them float all the same; 2.21 quantizes them: classes and scores stop at the "
                "highest that calibration saw, boxes move in steps",
                evidence={"type": min(types)},
                fix=Fix(
                    "Set only the type of the input",
                    how=f"{called(conversion)}.inference_input_type = {spelled(conversion)}.{min(types)}"
                    "   # and no inference_output_type",
                ),
            )

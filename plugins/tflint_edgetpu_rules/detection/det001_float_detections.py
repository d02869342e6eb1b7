"""DET001 float-detections."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Rule, RuleMeta, Severity, tensor_location


class FloatDetections(Rule):
    """Float32 outputs of a detection postprocess: normal, nothing to fix.

    ## Why it matters
    People set `inference_output_type = tf.uint8`, find four float32 outputs and think the conversion went
    wrong. `TFLite_Detection_PostProcess` has no quantized kernel: it always runs on the CPU and always
    gives float32. The compiler lists it, and the DEQUANTIZEs before it, as not mapped; that is so for every
    such detector.

    ## How to fix
    Nothing is wrong. The outputs are boxes (ymin, xmin, ymax, xmax in 0..1: multiply by height and width of
    the picture), classes, scores and the count. Leave the output type unset: TensorFlow since about 2.7
    quantizes these outputs otherwise, and clips them.

    ## References
    - https://github.com/google-coral/edgetpu/issues/515
    - https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/detection_postprocess.cc
    """

    meta = RuleMeta(
        "DET001", "float-detections", Severity.INFO, Certainty.DOCUMENTED,
        references=("https://github.com/google-coral/edgetpu/issues/515",), covers=("Q005",),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        detection = context.detection
        if detection is None:
            return
        floats = [
            output for output in detection.outputs if output.tensor.dtype == "FLOAT32" and not output.chain
        ]
        if floats:
            roles = ", ".join(output.role for output in floats)
            yield self.finding(
                [tensor_location(output.tensor, "output") for output in floats],
                f"{len(floats)} outputs ({roles}) are float32 because TFLite_Detection_PostProcess makes them: "
                "it exists in float only and always runs on the CPU; this is normal",
                cost="nothing: no setting of the converter changes it, and none has to",
                related=[detection.postprocess],
                evidence={"outputs": len(floats), "order": list(detection.order)},
            )

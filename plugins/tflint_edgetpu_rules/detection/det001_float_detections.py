"""DET001 float-detections."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Severity,
    reading_lines,
    tensor_location,
)


class FloatDetections(Rule):
    """Float32 outputs of a detection postprocess: normal, nothing to fix.

    ## Why it matters
    People set `inference_output_type = tf.uint8`, find four float32 outputs and think the conversion went
    wrong. `TFLite_Detection_PostProcess` has no quantized kernel: it always runs on the CPU and always
    gives float32. The compiler lists it, and the DEQUANTIZEs before it, as not mapped; that is so for every
    such detector.

    ## How to fix
    Nothing is wrong. The outputs are boxes (ymin, xmin, ymax, xmax in 0..1: multiply by height and width of
    the picture), classes (from 0 on, the background not counted), scores in 0..1 and the count. Leave the
    output type unset: newer converters (seen in TensorFlow 2.21) otherwise quantize these outputs, and that
    clips classes and scores.

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
        floats = [out for out in detection.outputs if out.tensor.dtype == "FLOAT32" and not out.chain]
        if not floats:
            return
        roles = ", ".join(dict.fromkeys(output.role for output in floats))
        who = f"output {roles} is" if len(floats) == 1 else f"{len(floats)} outputs ({roles}) are"
        yield self.finding(
            [tensor_location(output.tensor, "output") for output in floats],
            f"{who} float32 because TFLite_Detection_PostProcess makes them, which has no quantized kernel and "
            "always runs on the CPU: this is normal",
            cost="nothing: any such detector ends like this, compiled or not",
            related=[detection.postprocess],
            evidence={"outputs": len(floats), "order": list(detection.order)},
            fix=Fix(
                "Leave the model as it is, and scale only the boxes",
                how=reading_lines(context.model, detection)
                + "\nymin, xmin, ymax, xmax = boxes[0, 0] * (height, width, height, width)   # of your picture",
            ),
        )

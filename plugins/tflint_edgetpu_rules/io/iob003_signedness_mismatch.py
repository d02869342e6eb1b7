"""IOB003 signedness-mismatch."""

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
    affine,
    is_image,
    quoted,
    tensor_location,
)

# PyCoral: set_input and set_resized_input of pycoral/adapters/common.py assign the pixels to the tensor, and
# numpy wraps what does not fit; examples/classify_image.py refuses ("Only support uint8 input type.").
# Frigate: pre_process of frigate/detectors/plugins/edgetpu_tfl.py, there since YOLOv9 is supported (0.17).
# Consumer -> what becomes of uint8 pixels that meet an int8 input, what that costs, how bad it is.
CONSUMERS = {
    "pycoral": (
        "PyCoral's adapters copy uint8 pixels into it unchanged",
        "pixels from 128 on wrap around: nothing fails, every result is wrong; classify_image.py refuses the model",
        Severity.WARNING,
    ),
    "frigate": (
        "Frigate feeds uint8 pixels and shifts them by 128 only since version 0.17",
        "before 0.17 the first picture ends in 'Cannot set tensor: Got value of type UINT8 but expected type "
        "INT8'; later versions cope",
        Severity.INFO,
    ),
}


class SignednessMismatch(Rule):
    """An int8 input for a consumer that feeds uint8.

    ## Why it matters
    The consumer either refuses the model or feeds pixels that are 128 off: nothing crashes, and every
    result is wrong. Both types hold the same numbers with the zero point moved by 128.

    ## How to fix
    Reconvert with `converter.inference_input_type = tf.uint8`, let a QUANTIZE be put before the input (it
    maps to the Edge TPU), or subtract 128 from the pixels in the application.

    ## Fix safety
    Safe. uint8 and int8 hold the same numbers 128 apart.

    ## References
    - https://github.com/google-coral/pycoral/blob/master/pycoral/adapters/common.py
    - https://github.com/blakeblackshear/frigate/blob/dev/frigate/detectors/plugins/edgetpu_tfl.py
    """

    meta = RuleMeta(
        "IOB003", "signedness-mismatch", Severity.WARNING, Certainty.DOCUMENTED, fixable=True,
        references=("https://github.com/google-coral/pycoral/blob/master/pycoral/adapters/common.py",),
        covers=("A005",),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        consumer = CONSUMERS.get(context.consumer or "")
        if consumer is None:
            return
        says, cost, severity = consumer
        for tensor in context.model.main.inputs:
            if tensor.dtype != "INT8" or affine(tensor) is None or not is_image(tensor):
                continue
            edits = () if context.is_compiled else (Edit("flip-input", tensor.ref),)
            yield self.finding(
                [tensor_location(tensor, "input")],
                f"input {quoted(tensor)} is int8, and {says}",
                severity=severity,
                cost=cost,
                evidence={"dtype": tensor.dtype, "consumer": context.consumer},
                fix=Fix(
                    "Make the input uint8",
                    Safety.SAFE if edits else Safety.MANUAL,
                    "converter.inference_input_type = tf.uint8\n"
                    "# or in the application:\n"
                    "(pixels.astype(np.int16) - 128).astype(np.int8)",
                    edits,
                ),
            )

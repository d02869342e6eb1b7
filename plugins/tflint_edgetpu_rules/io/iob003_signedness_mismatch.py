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
    tensor_location,
)

# Consumers that feed uint8 pixels and nothing else. Sources: pycoral/adapters/common.py (set_input takes
# uint8 only: "Only support uint8 input type."), Frigate's detector plugin edgetpu_tfl (input_dtype int8 is
# possible since 0.14 through model.input_dtype, the default is uint8).
UINT8_ONLY = {
    "pycoral": "PyCoral's adapters accept uint8 input only",
    "frigate": "Frigate feeds uint8 pixels unless model.input_dtype is set to int8",
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
    - https://docs.frigate.video/configuration/object_detectors
    """

    meta = RuleMeta(
        "IOB003", "signedness-mismatch", Severity.WARNING, Certainty.DOCUMENTED, fixable=True,
        references=("https://github.com/google-coral/pycoral/blob/master/pycoral/adapters/common.py",),
        covers=("A005",),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        why = UINT8_ONLY.get(context.consumer or "")
        if why is None:
            return
        for tensor in context.model.main.inputs:
            if tensor.dtype != "INT8" or tensor.quantization is None or len(tensor.quantization.scales) != 1:
                continue
            edits = () if context.is_compiled else (Edit("flip-input", tensor.ref),)
            yield self.finding(
                [tensor_location(tensor, "input")],
                f"input '{tensor.name}' is int8; {why}",
                cost="the model is refused, or gets pixels that are 128 off",
                evidence={"dtype": tensor.dtype, "consumer": context.consumer},
                fix=Fix(
                    "Make the input uint8",
                    Safety.SAFE if edits else Safety.MANUAL,
                    "converter.inference_input_type = tf.uint8\n"
                    "or in the application: (pixels.astype(np.int16) - 128).astype(np.int8)",
                    edits,
                ),
            )

"""QNT003 int16-activations."""

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
)

from .recipes import FULL_INTEGER
from .whole_model import cost_of, how_many, severity_of, which


class Int16Activations(Rule):
    """Operators whose activations are quantized to 16 bits.

    ## Why it matters
    `EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8` keeps more precision, but the Edge TPU has
    no 16-bit path: such operators run on the CPU, `working on an unsupported data type`.

    The 16-bit cell state inside an int8 LSTM is no activation and is not meant here.

    ## How to fix
    Convert again with `converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]`.
    Where 8 bits cost too much accuracy: more and better calibration inputs, ReLU6 instead of unbounded
    activations, or quantization-aware training.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro/#model-requirements
    - https://ai.google.dev/edge/litert/models/post_training_integer_quant_16x8
    """

    meta = RuleMeta(
        "QNT003", "int16-activations", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://coral.ai/docs/edgetpu/models-intro/#model-requirements",), covers=("Q006",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        wide = context.arithmetic.of("int16")
        if not wide:
            return
        total = len(context.arithmetic.of("float", "int8", "int16"))
        yield self.finding(
            wide,
            f"{how_many(wide, total)} on 16-bit tensors{which(wide)}",
            severity=severity_of(wide, context),
            cost=cost_of(wide, context),
            evidence={"int16_operators": len(wide), "computing_operators": total},
            fix=Fix(
                "Convert again with 8-bit activations",
                how=f"without EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8:\n{FULL_INTEGER}",
            ),
        )

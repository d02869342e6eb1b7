"""IOB004 repeated-conversion."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Operator, Rule, RuleMeta, Severity


class RepeatedConversion(Rule):
    """Two conversions at the boundary of the model where one would do.

    ## Why it matters
    A float input that is quantized to one type and then to another, or an input that several QUANTIZEs
    read, is converted twice for every picture. From float to int8 to uint8 each step rounds.

    ## How to fix
    Convert again with the wanted type set once: `converter.inference_input_type` and
    `converter.inference_output_type`.

    ## References
    - https://www.tensorflow.org/lite/performance/post_training_integer_quant
    """

    meta = RuleMeta(
        "IOB004", "repeated-conversion", Severity.WARNING, Certainty.MEASURED,
        references=("https://www.tensorflow.org/lite/performance/post_training_integer_quant",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        for tensor in context.model.main.inputs:
            readers = [r for r in context.dataflow.consumers(tensor) if r.kind == "QUANTIZE" and r.outputs]
            same = [r for r in readers[1:] if r.outputs[0].quantization == readers[0].outputs[0].quantization]
            if same:
                yield self._finding(
                    [readers[0], *same],
                    f"input '{tensor.name}' is quantized {len(same) + 1} times to the same scale",
                )
            for first in readers:
                inner = first.outputs[0]
                behind = context.dataflow.consumers(inner)
                if tensor.dtype == "FLOAT32" and len(behind) == 1 and behind[0].kind == "QUANTIZE" and behind[0].outputs:
                    last = behind[0].outputs[0]
                    yield self._finding(
                        [first, behind[0]],
                        f"input '{tensor.name}' goes from float32 to {inner.dtype.lower()} and on to "
                        f"{last.dtype.lower()}",
                    )

    def _finding(self, operators: list[Operator], message: str) -> Finding:
        return self.finding(
            operators,
            message,
            cost="one more CPU operator and one more rounding for each picture",
            fix=Fix(
                "Set the type of the input once",
                how="converter.inference_input_type = tf.uint8  # or tf.int8, and nothing else on top",
            ),
        )

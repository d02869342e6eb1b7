"""IOB001 float-input."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Edit,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    Tensor,
    pixel_shortcut,
    quantize_line,
    quoted,
    tensor_location,
)


class FloatInput(Rule):
    """A float32 input of a quantized model.

    ## Why it matters
    The application hands over four times the bytes, and a QUANTIZE runs on the CPU before the Edge TPU
    starts; the compiler never maps that one. Everything behind it still maps. PyCoral and Frigate feed
    8-bit pictures unless they are told otherwise.

    ## How to fix
    Reconvert with `converter.inference_input_type = tf.uint8`, or let the QUANTIZE be removed from the
    file: its scale and zero point become those of the input.

    ## Fix safety
    Safe. The same integers enter the model; the application now computes them. An application that rounds
    exact ties in another way than the kernel may feed a value that is one step off.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    - https://www.tensorflow.org/lite/performance/post_training_integer_quant
    """

    meta = RuleMeta(
        "IOB001", "float-input", Severity.WARNING, Certainty.MEASURED, fixable=True,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("Q003",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        for number, tensor in enumerate(context.model.main.inputs):
            if tensor.dtype != "FLOAT32":
                continue
            readers = context.dataflow.consumers(tensor)
            quantize = next((r for r in readers if r.kind == "QUANTIZE" and r.outputs), None)
            if quantize is not None:
                yield self._finding(context, number, tensor, quantize, alone=len(readers) == 1)

    def _finding(
        self, context: Context, number: int, tensor: Tensor, quantize: Operator, *, alone: bool
    ) -> Finding:
        inner = quantize.outputs[0]
        line = quantize_line(inner, f"x{number}", f"q{number}")
        safe = bool(line) and alone and not context.dataflow.is_output(inner)
        wide, narrow = tensor.bytes or 0, inner.bytes or 0
        return self.finding(
            [tensor_location(tensor, "input")],
            f"input {quoted(tensor)} is float32, and a QUANTIZE makes it {inner.dtype.lower()} on the CPU",
            cost=f"{wide:,} bytes instead of {narrow:,} for each inference, and one more CPU operator; "
            "nothing else leaves the Edge TPU for it",
            related=[quantize],
            evidence={
                "dtype": tensor.dtype,
                "quantized_dtype": inner.dtype,
                "bytes": wide,
                "quantized_bytes": narrow,
            },
            fix=Fix(
                f"Make the input {inner.dtype.lower() if safe else 'uint8'}",
                Safety.SAFE if safe else Safety.MANUAL,
                _feed(inner, line),
                (Edit("strip-input", tensor.ref),) if safe else (),
            ),
        )


def _feed(inner: Tensor, line: str) -> str:
    """What the application feeds from then on, and how the converter does the same."""
    again = "# or convert again:\nconverter.inference_input_type = tf.uint8   # or tf.int8"
    feed = "\n".join(filter(None, (line, pixel_shortcut(inner))))
    return f"# from then on the application feeds\n{feed}\n{again}" if feed else again

"""IOB001 float-input."""

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


class FloatInput(Rule):
    """A float32 input of a quantized model.

    ## Why it matters
    The application copies four times the bytes, and a QUANTIZE runs on the CPU before the Edge TPU
    starts; the compiler never maps that one. Everything behind it still maps. PyCoral and Frigate feed
    8-bit pictures and refuse such a model.

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
        for tensor in context.model.main.inputs:
            readers = context.dataflow.consumers(tensor)
            quantize = next((reader for reader in readers if reader.kind == "QUANTIZE" and reader.outputs), None)
            if tensor.dtype != "FLOAT32" or quantize is None:
                continue
            inner = quantize.outputs[0]
            fix = Fix("Expose the integer tensor as the input", Safety.MANUAL, _code(inner.dtype))
            if len(readers) == 1 and not context.dataflow.is_output(inner) and inner.quantization is not None:
                scale, point = inner.quantization.scale, inner.quantization.zero_point
                fix = Fix(
                    "Expose the integer tensor as the input",
                    Safety.SAFE,
                    f"afterwards feed q = np.clip(np.round(x / {scale!r}) + {point}, ...)."
                    f"astype(np.{inner.dtype.lower()})\n{_code('uint8')}",
                    (Edit("strip-input", tensor.ref),),
                )
            yield self.finding(
                [tensor_location(tensor, "input")],
                f"input '{tensor.name}' is float32, and a QUANTIZE makes it {inner.dtype.lower()} on the CPU",
                cost="4 times the bytes for each picture and one more CPU operator; nothing else leaves the "
                "Edge TPU",
                related=[quantize],
                evidence={"dtype": tensor.dtype, "quantized_dtype": inner.dtype},
                fix=fix,
            )


def _code(dtype: str) -> str:
    return f"or convert again with converter.inference_input_type = tf.{dtype.lower()}"

"""IOB001 float-input."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Safety, Severity, tensor_location


class FloatInput(Rule):
    """A float32 input of a quantized model.

    ## Why it matters
    The application copies four times the bytes, and a QUANTIZE runs on the CPU before the Edge TPU
    starts; the compiler never maps that one. Everything behind it still maps. PyCoral and Frigate feed
    8-bit images and refuse such a model.

    ## How to fix
    Reconvert with `converter.inference_input_type = tf.uint8`, or let the QUANTIZE be removed from the
    file: its scale and zero point become those of the input.

    ## Fix safety
    Safe. The same integers enter the model; the application now computes them.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    """

    meta = RuleMeta(
        "IOB001", "float-input", Severity.WARNING, Certainty.DOCUMENTED, fixable=True,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("Q003",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        for tensor in context.model.main.inputs:
            if tensor.dtype != "FLOAT32":
                continue
            readers = context.dataflow.consumers(tensor)
            quantize = next((reader for reader in readers if reader.kind == "QUANTIZE"), None)
            if quantize is None:
                continue
            inner = quantize.outputs[0].quantization
            formula = (
                f"q = np.clip(np.round(x / {inner.scale:.8g}) + {inner.zero_point}, ...)" if inner else "the integer tensor"
            )
            yield self.finding(
                [tensor_location(tensor, "input")],
                f"input '{tensor.name}' is float32 and a QUANTIZE makes it {quantize.outputs[0].dtype} on the CPU",
                cost="4x the bytes for each picture and one more CPU operator; nothing else leaves the Edge TPU",
                related=[quantize],
                evidence={"dtype": tensor.dtype, "quantized_dtype": quantize.outputs[0].dtype},
                fix=Fix("Expose the integer tensor as the input", Safety.SAFE, f"afterwards feed {formula}"),
            )

"""IOB002 float-output."""

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


class FloatOutput(Rule):
    """A float32 output that a DEQUANTIZE makes of an integer tensor.

    ## Why it matters
    The DEQUANTIZE runs on the CPU, always. It costs little and changes nothing before it. Whoever wants the
    integers, to compare or to send them, gets four times the bytes.

    ## How to fix
    Keep it where the application wants real numbers. Otherwise reconvert with
    `converter.inference_output_type = tf.uint8` (not for a detector: its outputs would be quantized
    again), or let the DEQUANTIZE be removed: the application then computes `(q - zero_point) * scale`.

    ## Fix safety
    Safe. The same integers leave the model; the application now converts them.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    """

    meta = RuleMeta(
        "IOB002", "float-output", Severity.WARNING, Certainty.MEASURED, fixable=True,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("Q004",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        for tensor in context.model.main.outputs:
            producer = context.dataflow.producer(tensor)
            if tensor.dtype != "FLOAT32" or producer is None or producer.kind != "DEQUANTIZE":
                continue
            inner = producer.input(0)
            if inner is None or inner.quantization is None or context.is_constant(inner):
                continue
            scale, point = inner.quantization.scale, inner.quantization.zero_point
            alone = not context.dataflow.consumers(tensor) and not context.dataflow.is_output(inner)
            yield self.finding(
                [tensor_location(tensor, "output")],
                f"output '{tensor.name}' is {inner.dtype.lower()} inside and turned into float32 on the CPU",
                cost="one more CPU operator, 4 times the bytes; nothing else leaves the Edge TPU",
                related=[producer],
                evidence={
                    "dtype": tensor.dtype,
                    "quantized_dtype": inner.dtype,
                    "scale": scale,
                    "zero_point": point,
                },
                fix=Fix(
                    "Expose the integer tensor as the output, if the application can scale it",
                    Safety.SAFE if alone else Safety.MANUAL,
                    f"afterwards compute y = (q.astype(np.float32) - {point}) * {scale!r}",
                    (Edit("strip-output", tensor.ref),) if alone else (),
                ),
            )

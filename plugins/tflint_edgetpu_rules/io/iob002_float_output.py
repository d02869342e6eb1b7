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
    Tensor,
    dequantize_line,
    quoted,
    tensor_location,
)

from .boundary import MOST_LINES, Boundary, cost, evidence, types


class FloatOutput(Rule):
    """Float32 outputs that a DEQUANTIZE makes of integer tensors.

    ## Why it matters
    A DEQUANTIZE runs on the CPU, always. It costs little and changes nothing before it. Whoever wants the
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
        found = list(_boundaries(context))
        if not found or context.quantization_kind == "fake quantized":
            return  # there the whole model computes in float, and only rounds
        outputs = [output for _, output, _, _ in found]
        who = f"output {quoted(outputs[0])} is" if len(found) == 1 else f"{len(found)} outputs are"
        safe = [output for _, output, _, source in found if _can_go(context, output, source)]
        yield self.finding(
            [tensor_location(output, "output") for output in outputs],
            f"{who} {' and '.join(types(found))} inside and turned into float32 on the CPU",
            cost=cost(found),
            related=[dequantize for _, _, dequantize, _ in found],
            evidence=evidence(found, "outputs"),
            fix=Fix(
                "Expose the integers where the application can scale them; else leave it as it is",
                Safety.SAFE if safe else Safety.MANUAL,
                "# from then on the application computes\n"
                + "\n".join(
                    dequantize_line(source, f"y{n}", f"q{n}") for n, _, _, source in found[:MOST_LINES]
                ),
                tuple(Edit("strip-output", output.ref) for output in safe),
            ),
        )


def _boundaries(context: Context) -> Iterator[Boundary]:
    detections = {output.tensor for output in context.detection.outputs} if context.detection else set()
    for number, output in enumerate(context.model.main.outputs):
        producer = context.dataflow.producer(output)
        source = producer.input(0) if producer is not None and producer.kind == "DEQUANTIZE" else None
        if producer is None or source is None or output.dtype != "FLOAT32" or output in detections:
            continue
        if dequantize_line(source) and not context.is_constant(source):
            yield number, output, producer, source


def _can_go(context: Context, output: Tensor, source: Tensor) -> bool:
    return not context.dataflow.consumers(output) and not context.dataflow.is_output(source)

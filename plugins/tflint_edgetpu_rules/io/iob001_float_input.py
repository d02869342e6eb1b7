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
    affine,
    is_image,
    pixel_shortcut,
    quantize_line,
    quoted,
    tensor_location,
)

from .boundary import MOST_LINES, Boundary, cost, evidence, types


class FloatInput(Rule):
    """Float32 inputs of a quantized model.

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
        found = list(_boundaries(context))
        if not found or context.quantization_kind == "fake quantized":
            return  # there the whole model computes in float, and only rounds
        safe = [boundary for boundary in found if _can_go(context, boundary)]
        kinds = " or ".join(types(found))
        inputs = [outer for _, outer, _, _ in found]
        one = len(found) == 1
        who = f"input {quoted(inputs[0])} is" if one else f"{len(found)} inputs are"
        yield self.finding(
            [tensor_location(outer, "input") for outer in inputs],
            f"{who} float32, and a QUANTIZE makes {'it' if one else 'each'} {kinds} on the CPU",
            cost=cost(found),
            related=[quantize for _, _, quantize, _ in found],
            evidence=evidence(found, "inputs"),
            fix=Fix(
                f"Make the {'input' if one else 'inputs'} {kinds}",
                Safety.SAFE if safe else Safety.MANUAL,
                _feed(found),
                tuple(Edit("strip-input", outer.ref) for _, outer, _, _ in safe),
            ),
        )


def _boundaries(context: Context) -> Iterator[Boundary]:
    for number, outer in enumerate(context.model.main.inputs):
        if outer.dtype != "FLOAT32":
            continue
        for reader in context.dataflow.consumers(outer):
            if reader.kind == "QUANTIZE" and reader.outputs:
                yield number, outer, reader, reader.outputs[0]
                break


def _can_go(context: Context, boundary: Boundary) -> bool:
    _, outer, _, inner = boundary
    alone = len(context.dataflow.consumers(outer)) == 1 and not context.dataflow.is_output(inner)
    return alone and affine(inner) is not None


def _feed(found: list[Boundary]) -> str:
    """What the application feeds from then on, and how the converter does the same."""
    lines = []
    for number, outer, _, inner in found[:MOST_LINES]:
        lines.append(quantize_line(inner, f"x{number}", f"q{number}"))
        lines.append(pixel_shortcut(inner) if is_image(outer) else "")
    wanted = "tf.int16" if types(found) == ["int16"] else "tf.uint8   # or tf.int8"
    again = ["# or convert again:", f"converter.inference_input_type = {wanted}"]
    feed = list(filter(None, lines))
    return "\n".join(["# from then on the application feeds", *feed, *again] if feed else again[1:])

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
    affine,
    is_image,
    pixel_shortcut,
    quantize_line,
    quoted,
    tensor_location,
)

Boundary = tuple[int, Tensor, Operator, Tensor]  # number of the input, input, QUANTIZE, what it makes
MOST_LINES = 8  # the contract card has all of them


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
        if not found:
            return
        safe = [boundary for boundary in found if _can_go(context, boundary)]
        kinds = sorted({inner.dtype.lower() for _, _, _, inner in found})
        inputs = [outer for _, outer, _, _ in found]
        one = len(found) == 1
        who = f"input {quoted(inputs[0])} is" if one else f"{len(found)} inputs are"
        wide = sum(outer.bytes or 0 for outer in inputs)
        narrow = sum(inner.bytes or 0 for _, _, _, inner in found)
        yield self.finding(
            [tensor_location(outer, "input") for outer in inputs],
            f"{who} float32, and a QUANTIZE makes {'it' if one else 'each'} {' or '.join(kinds)} on the CPU",
            cost=f"{wide:,} bytes instead of {narrow:,} for each inference, and {_operators(len(found))}; "
            "nothing else leaves the Edge TPU for it",
            related=[quantize for _, _, quantize, _ in found],
            evidence={
                "inputs": len(found),
                "quantized_dtypes": kinds,
                "bytes": wide,
                "quantized_bytes": narrow,
            },
            fix=Fix(
                f"Make the {'input' if one else 'inputs'} {' or '.join(kinds)}",
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
    again = ["# or convert again:", "converter.inference_input_type = tf.uint8   # or tf.int8"]
    feed = list(filter(None, lines))
    return "\n".join(["# from then on the application feeds", *feed, *again] if feed else again[1:])


def _operators(number: int) -> str:
    return "one more CPU operator" if number == 1 else f"{number} more CPU operators"

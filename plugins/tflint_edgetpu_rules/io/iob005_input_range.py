"""IOB005 input-range."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Rule,
    RuleMeta,
    Severity,
    Tensor,
    is_image,
    real_range,
    tensor_location,
)

# Ranges that training pipelines normalize pictures to; ImageNet's mean and deviation give about
# -2.12 to 2.64. Tolerance: calibration sees almost, not exactly, the whole range.
KNOWN = (
    ((0.0, 1.0), "pixels divided by 255"),
    ((-1.0, 1.0), "pixels / 127.5 - 1"),
    ((0.0, 255.0), "pixels as they are"),
    ((-128.0, 127.0), "pixels - 128"),
    ((-2.12, 2.64), "(pixels / 255 - mean) / deviation with ImageNet's numbers"),
)
TOLERANCE = 0.06


class InputRange(Rule):
    """What range of real numbers the input was calibrated for.

    ## Why it matters
    Scale and zero point of the input are the only trace of the preprocessing the model was calibrated
    with. If the application feeds another range (0..255 instead of 0..1, a division by 255 too many), the
    model runs, and its accuracy collapses.

    ## How to fix
    Compare the range with what the application does before it calls the interpreter. Where it fits none
    of the usual ones, look at the representative dataset: random or constant data gives such ranges.

    ## References
    - https://www.tensorflow.org/lite/performance/post_training_quantization
    """

    meta = RuleMeta(
        "IOB005", "input-range", Severity.INFO, Certainty.GUESS,
        references=("https://www.tensorflow.org/lite/performance/post_training_quantization",), covers=("Q012",),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        for tensor in context.model.main.inputs:
            # Behind a float input the range stands at the tensor that its QUANTIZE makes.
            at = tensor
            if tensor.dtype == "FLOAT32":
                readers = context.dataflow.consumers(tensor)
                if len(readers) != 1 or readers[0].kind != "QUANTIZE" or not readers[0].outputs:
                    continue
                at = readers[0].outputs[0]
            span = real_range(at)
            if span is None or not is_image(tensor):
                continue
            meaning = _meaning(span)
            if meaning is None:
                yield self._unusual(tensor, span)

    def _unusual(self, tensor: Tensor, span: tuple[float, float]) -> Finding:
        low, high = span
        return self.finding(
            [tensor_location(tensor, "input")],
            f"input '{tensor.name}' was calibrated for {low:.4g} to {high:.4g}, which is none of the usual "
            "ranges of pictures (0..1, -1..1, 0..255)",
            cost="if the application feeds another range, accuracy collapses without any error",
            evidence={"low": low, "high": high},
        )


def _meaning(span: tuple[float, float]) -> str | None:
    for (low, high), meaning in KNOWN:
        allowed = TOLERANCE * (high - low)
        if abs(span[0] - low) <= allowed and abs(span[1] - high) <= allowed:
            return meaning
    return None

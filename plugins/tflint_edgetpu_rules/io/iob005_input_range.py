"""IOB005 input-range."""

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
    Tensor,
    is_image,
    quoted,
    real_range,
    tensor_location,
)

# Ranges that training pipelines bring pictures to. ImageNet's means and deviations over the three channels
# give -2.12 to 2.64, its means alone -123.7 to 151.1.
USUAL = ((0.0, 1.0), (-1.0, 1.0), (-0.5, 0.5), (0.0, 255.0), (-128.0, 127.0), (-2.12, 2.64), (-123.7, 151.1))
# Calibration sees almost, not exactly, the whole range.
TOLERANCE = 0.06
# Beyond this many deviations random numbers of a normal distribution hardly ever lie: of a million, the
# largest is about 4.9, of a hundred pictures of 224 x 224 x 3 about 5.3.
RANDOM_NORMAL = (4.0, 6.5)


class InputRange(Rule):
    """A picture whose range of real numbers is none of the usual ones.

    ## Why it matters
    Scale and zero point of the input are the only trace of the preprocessing the model was calibrated
    with. If the application feeds another range (0..255 instead of 0..1, a division by 255 too many), the
    model runs, and its accuracy collapses. The usual ranges are told by the contract card and are no
    finding: 0..1, -1..1, 0..255, and those of ImageNet's means and deviations.

    ## How to fix
    Compare the range with what the application does before it calls the interpreter, and with the
    representative dataset: it has to do exactly the same, on a hundred or more real pictures. Random or
    constant data gives ranges such as this one. Where the input is no picture (a spectrogram, features),
    nothing is wrong.

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
            if span is not None and is_image(tensor) and not any(_is_about(span, usual) for usual in USUAL):
                yield self._unusual(tensor, span)

    def _unusual(self, tensor: Tensor, span: tuple[float, float]) -> Finding:
        low, high = span
        return self.finding(
            [tensor_location(tensor, "input")],
            f"input {quoted(tensor)} was calibrated for {low:.4g} to {high:.4g}, no usual range of pictures "
            f"(0..1, -1..1, 0..255): {_meaning(low, high)}",
            cost="what lies outside is cut off; if the application feeds another range than the calibration "
            "did, accuracy collapses without any error",
            evidence={"low": low, "high": high},
            fix=Fix(
                "Calibrate with real data, prepared exactly as the application prepares it",
                how="def representative_dataset():\n"
                "    for sample in samples[:200]:      # real ones, not np.random\n"
                "        yield [preprocess(sample)[None].astype(np.float32)]",
            ),
        )


def _is_about(span: tuple[float, float], usual: tuple[float, float]) -> bool:
    allowed = TOLERANCE * (usual[1] - usual[0])
    return abs(span[0] - usual[0]) <= allowed and abs(span[1] - usual[1]) <= allowed


def _meaning(low: float, high: float) -> str:
    """What such a range most likely comes from."""
    width = high - low
    if abs(low) <= TOLERANCE * width:
        if high < 0.01:
            return "as if pixels had been divided by 255 twice"
        if high < 1:
            return (
                f"as if the calibration pictures, divided by 255, had no pixel brighter than {high * 255:.0f}"
            )
        if 2 < high < 255:
            return f"as if the calibration pictures had no pixel brighter than {high:.0f} of 255"
    if all(RANDOM_NORMAL[0] < abs(end) < RANDOM_NORMAL[1] for end in (low, high)):
        return "as np.random.randn gives it, or data with mean 0 and deviation 1"
    if high <= TOLERANCE * width:
        return "no number is positive, as in a spectrogram in decibels"
    return "look at the representative dataset, or take it as it is where the input is no picture"

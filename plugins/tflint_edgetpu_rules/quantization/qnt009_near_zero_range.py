"""QNT009 near-zero-range."""

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
    has_scale,
    quoted,
)

TYPES = {"INT8": (-128, 127), "UINT8": (0, 255)}

# Width below which a range means that calibration saw nothing but zeros. The converter widens an empty range
# to 2e-6 (scale 7.84e-09, seen in two public models); a signal that small on purpose is not known.
NEAR_ZERO = 1e-5


class NearZeroRange(Rule):
    """An activation that can hold nothing but zero: calibration never saw a value there.

    ## Why it matters
    The range of every activation was measured by running the model on the representative dataset. A range
    of two millionths around zero is what the converter writes when it saw zeros only. In use every value is
    cut off at that range, so all that passes through the tensor is lost. Scores or classes of a detector
    die that way when it was calibrated on pictures in which it found nothing.

    ## How to fix
    Calibrate with 100 or more real inputs, in the same preprocessing and range as in training, with the
    objects or classes in them that the model knows. A detection head is best left out of quantization:
    leave `inference_output_type` unset.

    ## References
    - https://ai.google.dev/edge/litert/models/post_training_integer_quant
    - https://github.com/ml-gde/e2e-tflite-tutorials/issues/21
    """

    meta = RuleMeta(
        "QNT009", "near-zero-range", Severity.WARNING, Certainty.MEASURED,
        references=(
            "https://ai.google.dev/edge/litert/models/post_training_integer_quant",
            "https://github.com/ml-gde/e2e-tflite-tutorials/issues/21",
        ),
        covers=("Q013",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        found = [
            tensor
            for operator in context.operators()
            if operator not in context.placement.tail  # quantized detections: the detection family's question
            for tensor in operator.outputs
            if tensor.dtype in TYPES and has_scale(tensor) and 0 < 255 * _scale(tensor) < NEAR_ZERO
        ]
        if not found:
            return
        found.sort(key=lambda tensor: not context.dataflow.is_output(tensor))
        first = found[0]
        low, high = _range(first)
        role = "output" if context.dataflow.is_output(first) else "activation"
        more = f", and {len(found) - 1} more tensors are like it" if len(found) > 1 else ""
        yield self.finding(
            found,
            f"{role} {quoted(first)} can only hold values from {low:.2g} to {high:.2g}{more}",
            cost="calibration saw nothing but zeros there, and in use every other value is cut off",
            evidence={"tensors": len(found), "minimum": low, "maximum": high},
            fix=Fix(
                "Calibrate again with real inputs",
                how=(
                    "def representative_dataset():\n"
                    "    for image in real_images[:200]:  # with the objects that the model knows\n"
                    "        yield [preprocess(image)[None].astype('float32')]  # as in training"
                ),
            ),
        )


def _scale(tensor: Tensor) -> float:
    return tensor.quantization.scale if tensor.quantization else 0.0


def _range(tensor: Tensor) -> tuple[float, float]:
    """The smallest and largest real number the tensor can hold."""
    assert tensor.quantization is not None
    low, high = TYPES[tensor.dtype]
    point, scale = tensor.quantization.zero_point, tensor.quantization.scale
    return (low - point) * scale, (high - point) * scale

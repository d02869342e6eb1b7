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
    others_like_it,
    quoted,
    real_range,
)

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
        spans = {
            tensor: span
            for operator in context.operators()
            if operator not in context.placement.tail  # quantized detections: the detection family's question
            for tensor in operator.outputs
            if tensor.dtype in ("INT8", "UINT8")
            and (span := real_range(tensor))
            and span[1] - span[0] < NEAR_ZERO
        }
        found = sorted(spans, key=lambda tensor: not context.dataflow.is_output(tensor))
        if not found:
            return
        first = found[0]
        low, high = spans[first]
        role = "output" if context.dataflow.is_output(first) else "activation"
        more = others_like_it(len(found), "tensor")
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

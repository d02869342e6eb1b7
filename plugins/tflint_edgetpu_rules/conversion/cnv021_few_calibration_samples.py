"""CNV021 few-calibration-samples."""

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
    calibration_of,
    counted,
)

# Eight were measured to be too few (activations up to 44 steps beyond the range); TensorFlow's guide says 100 to 500.
# Where between the two the line is depends on the model: a guess.
FEWEST = 32


class FewCalibrationSamples(Rule):
    """The integer ranges were read off a handful of samples.

    ## Why it matters
    An activation that no sample reached is cut off at the highest value that one did reach. With 8 samples, values up
    to 44 steps beyond the range were measured. The recipe that `tflint-edgetpu convert` puts into a model says how many
    there were.

    ## How to fix
    Calibrate with 100 to 500 samples that cover what the application will see; 200 is the default of
    `tflint-edgetpu convert`.

    ## References
    - https://ai.google.dev/edge/litert/models/post_training_integer_quant
    """

    meta = RuleMeta(
        "CNV021", "few-calibration-samples", Severity.WARNING, Certainty.GUESS,
        references=("https://ai.google.dev/edge/litert/models/post_training_integer_quant",), covers=("Q013",),
    )  # fmt: skip
    explains = False

    def check_model(self, context: Context) -> Iterator[Finding]:
        calibration = calibration_of(context.model)
        samples = calibration.get("samples")
        if not isinstance(samples, int) or isinstance(samples, bool) or not 0 < samples < FEWEST:
            return
        if calibration.get("kind") == "random":
            return  # more noise would not help
        yield self.finding(
            None,
            f"the integer ranges were calibrated with {counted(samples, 'sample')}",
            cost="what none of them reached is cut off at the highest value that one did",
            evidence={"samples": samples, "fewest": FEWEST},
            fix=Fix(
                "Convert again with 100 to 500 samples",
                how="tflint-edgetpu convert SOURCE --calibration DATA --samples 200",
            ),
        )

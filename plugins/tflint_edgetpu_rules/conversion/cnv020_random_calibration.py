"""CNV020 random-calibration."""

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


class RandomCalibration(Rule):
    """The integer ranges were read off random numbers.

    ## Why it matters
    Calibration sets the range of every activation to what it saw. Noise makes other activations than pictures do:
    real inputs saturate, or use a few of the 256 steps. The model loads, maps and runs, and its results are poor.
    `tflint-edgetpu convert --random-calibration` writes down in the model that it did so. The compiler drops that
    entry: a compiled file no longer tells.

    ## How to fix
    Convert again with some hundred inputs, prepared as in training:
    `tflint-edgetpu convert SOURCE --calibration DATA --value-range -1,1`.

    ## References
    - https://ai.google.dev/edge/litert/models/post_training_integer_quant
    """

    meta = RuleMeta(
        "CNV020", "random-calibration", Severity.WARNING, Certainty.DOCUMENTED,
        references=("https://ai.google.dev/edge/litert/models/post_training_integer_quant",), covers=("X003", "Q013"),
    )  # fmt: skip
    explains = False

    def check_model(self, context: Context) -> Iterator[Finding]:
        calibration = calibration_of(context.model)
        if calibration.get("kind") != "random":
            return
        samples = calibration.get("samples")
        number = samples if isinstance(samples, int) and not isinstance(samples, bool) else 0
        drawn = f" ({counted(number, 'sample')} of noise)" if number > 0 else ""
        yield self.finding(
            None,
            f"the integer ranges were calibrated with random numbers{drawn}, not with data",
            cost="the ranges fit noise: real inputs saturate or use few of the 256 steps, and nothing fails",
            evidence={"samples": number},
            fix=Fix(
                "Convert again with real inputs",
                how="tflint-edgetpu convert SOURCE --calibration DATA --value-range -1,1   # the range of training",
            ),
        )

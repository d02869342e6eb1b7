"""CNV002 synthetic-calibration-data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

from .recipes import CALIBRATION

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script


class SyntheticCalibrationData(Rule):
    """A representative dataset of random numbers or constants.

    ## Why it matters
    Calibration writes the range of every activation into the model. Noise or zeros reach other activations than
    pictures do: real inputs then saturate or use a few of the 256 steps. Nothing fails, the model maps, and its results
    are poor.

    Only data made of nothing but random numbers or constants is meant: a random choice from real data, noise on top of
    it or a buffer of zeros that is filled are not.

    ## How to fix
    Yield 100 or more real inputs, prepared as in training.

    ## References
    - https://ai.google.dev/edge/litert/models/post_training_integer_quant
    - https://github.com/google-coral/edgetpu/issues/552
    """

    meta = RuleMeta(
        "CNV002", "synthetic-calibration-data", Severity.WARNING, Certainty.DOCUMENTED,
        references=(
            "https://ai.google.dev/edge/litert/models/post_training_integer_quant",
            "https://github.com/google-coral/edgetpu/issues/552",
        ),
        covers=("X003",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import script_location

        from .purpose import called

        seen = set()
        for conversion in script.conversions:
            dataset = script.dataset(conversion)
            # Two functions of one name: which one is used is not known, CNV012 speaks of it.
            if dataset is None or dataset.span is None or len(dataset.functions) > 1 or dataset.span in seen:
                continue
            seen.add(dataset.span)
            what = "random numbers" if dataset.kind == "random" else "constants"
            setting = conversion.last("representative_dataset")
            yield self.finding(
                script_location(script, dataset.span),
                f"'{called(conversion)}' is calibrated with {what} ({dataset.call}), not with data",
                cost="the integer ranges fit no real input: results get poor, and nothing fails",
                related=[script_location(script, setting.span)] if setting is not None else (),
                evidence={"kind": dataset.kind, "call": dataset.call},
                fix=Fix(
                    "Yield real inputs, prepared as in training",
                    how=CALIBRATION.format(variable=called(conversion)),
                ),
            )

"""CNV008 unlike-normalization."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script


class UnlikeNormalization(Rule):
    """Calibration scales pixels in one way, the rest of the file in another.

    ## Why it matters
    The quantized input stands for the range that calibration saw. Training on -1..1 and calibrating on 0..1 throws away
    half of it, and every activation behind it gets the wrong range: accuracy collapses without an error.

    A guess: it compares the arithmetic on pixels that is reached from the representative dataset with all other such
    arithmetic in the file, and speaks only where each side has exactly one way.

    ## How to fix
    Use one function for training, calibration and the application.

    ## References
    - https://github.com/tensorflow/tensorflow/issues/47143
    - https://github.com/ml-gde/e2e-tflite-tutorials/issues/21
    """

    meta = RuleMeta(
        "CNV008", "unlike-normalization", Severity.WARNING, Certainty.GUESS,
        references=(
            "https://github.com/tensorflow/tensorflow/issues/47143",
            "https://github.com/ml-gde/e2e-tflite-tutorials/issues/21",
        ),
        covers=("Q012",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import reached_from, script_location

        functions = tuple(
            dict.fromkeys(
                function
                for conversion in script.conversions
                if (dataset := script.dataset(conversion)) is not None and len(dataset.functions) == 1
                for function in dataset.functions
            )
        )
        if not functions:
            return
        reached = reached_from(functions, script.names)
        inside = [one for one in script.normalizations if one.function and id(one.function.node) in reached]
        outside = [
            one for one in script.normalizations if not one.function or id(one.function.node) not in reached
        ]
        here, there = {one.range for one in inside}, {one.range for one in outside}
        if len(here) != 1 or len(there) != 1 or here == there:
            return
        yield self.finding(
            script_location(script, inside[0].span),
            f"calibration scales pixels to {here.pop()}, other code in this file to {there.pop()}",
            cost="if the model was trained on the other range, every activation gets the wrong one",
            related=[script_location(script, one.span) for one in outside[:5]],
            evidence={"calibration": inside[0].range, "elsewhere": outside[0].range},
            fix=Fix("Scale in one function, and call it everywhere"),
        )

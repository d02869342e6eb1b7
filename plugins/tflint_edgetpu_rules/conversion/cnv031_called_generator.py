"""CNV031 called-generator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script


class CalledGenerator(Rule):
    """A representative dataset that is a generator instead of the function that makes one.

    ## Why it matters
    The converter calls `representative_dataset`, once or several times. `representative_dataset = images()` gives it a
    generator, and the conversion stops with `TypeError: 'generator' object is not callable`. A function that gives back
    another function is right to be called, and is not meant.

    ## How to fix
        converter.representative_dataset = images            # without parentheses
        converter.representative_dataset = lambda: images(x) # with arguments

    ## References
    - https://www.tensorflow.org/api_docs/python/tf/lite/RepresentativeDataset
    """

    meta = RuleMeta(
        "CNV031", "called-generator", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://www.tensorflow.org/api_docs/python/tf/lite/RepresentativeDataset",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import called_generator, script_location

        from .purpose import called

        seen = set()
        for conversion in script.conversions:
            setting = conversion.last("representative_dataset")
            if setting is None or setting.span in seen:
                continue
            name = called_generator(setting.value, setting.scope, script.names)
            if name is None:
                continue
            seen.add(setting.span)
            yield self.finding(
                script_location(script, setting.span),
                f"'{called(conversion)}' is given the generator that {name}() makes, not the function",
                cost="the conversion stops: TypeError: 'generator' object is not callable",
                evidence={"function": name},
                fix=Fix(
                    "Give the function itself", how=f"{called(conversion)}.representative_dataset = {name}"
                ),
            )

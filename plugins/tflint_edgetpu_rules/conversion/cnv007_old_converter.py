"""CNV007 old-converter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script


class OldConverter(Rule):
    """experimental_new_converter = False.

    ## Why it matters
    This was the way round some faults of TensorFlow 2.2 to 2.8: it asks for the converter of TensorFlow 1 (TOCO). That
    one knows none of what was added since, and it is gone: TensorFlow 2.21 stops at a Keras model with `TypeError:
    'NoneType' object is not callable` (measured).

    ## How to fix
    Delete it with a current TensorFlow. With an old one keep it only for the fault that it cures: an activation fused
    into a TRANSPOSE_CONV (`tflint-edgetpu fix` takes that apart, VER004), or `Model not quantized` with compiler 14.

    ## References
    - https://github.com/google-coral/edgetpu/issues/168
    - https://github.com/google-coral/edgetpu/issues/845
    """

    meta = RuleMeta(
        "CNV007", "old-converter", Severity.WARNING, Certainty.MEASURED,
        references=(
            "https://github.com/google-coral/edgetpu/issues/168",
            "https://github.com/google-coral/edgetpu/issues/845",
        ),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import script_location

        from .purpose import called

        seen = set()
        for conversion in script.conversions:
            setting = conversion.last("experimental_new_converter")
            if setting is None or setting.constant is not False or setting.span in seen:
                continue
            seen.add(setting.span)
            yield self.finding(
                script_location(script, setting.span),
                f"'{called(conversion)}' asks for the converter of TensorFlow 1",
                cost="it is gone: TensorFlow 2.21 stops with a TypeError that does not name the reason",
                fix=Fix(
                    "Delete the line with a current TensorFlow",
                    how=f"# without: {called(conversion)}.experimental_new_converter = False",
                ),
            )

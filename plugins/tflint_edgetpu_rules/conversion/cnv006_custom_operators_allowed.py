"""CNV006 custom-operators-allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Safety, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script


class CustomOperatorsAllowed(Rule):
    """allow_custom_ops without need.

    ## Why it matters
    With `allow_custom_ops` a layer that TensorFlow Lite does not know becomes a custom operator instead of an error. It
    runs nowhere: not on the Edge TPU, and not on the CPU without code of your own. The detection postprocess of the TF2
    Object Detection API needs no permission: detectors convert without it (measured with TensorFlow 2.21). Frozen
    graphs of TensorFlow 1 do need it and are not meant, nor are float models in a file that does not name the Edge TPU:
    their application may bring the operator.

    ## How to fix
    Leave it out.

    ## Fix safety
    Safe. A model that needs no custom operator stays the same; for others the converter now names the operator.

    ## References
    - https://ai.google.dev/edge/litert/conversion/tensorflow/ops_custom
    """

    meta = RuleMeta(
        "CNV006", "custom-operators-allowed", Severity.INFO, Certainty.MEASURED, fixable=True,
        references=("https://ai.google.dev/edge/litert/conversion/tensorflow/ops_custom",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import exclude_each_other, is_integer, remove_statement, script_location

        from .purpose import called

        seen = set()
        for conversion in script.conversions:
            dataset = conversion.last("representative_dataset")
            # What is set in another branch than the dataset is for another model.
            own = [
                one
                for one in conversion.every("allow_custom_ops")
                if dataset is None or not exclude_each_other(script, one.span, dataset.span)
            ]
            setting = own[-1] if own else None
            if (
                setting is None
                or setting.constant is not True
                or conversion.first_generation
                or not (script.is_for_edgetpu or script.is_detector or is_integer(conversion, script))
                or setting.span in seen
            ):
                continue
            seen.add(setting.span)
            edit = remove_statement(script, setting.span)
            why = "a detection postprocess" if script.is_detector else "a model for the Edge TPU"
            yield self.finding(
                script_location(script, setting.span),
                f"'{called(conversion)}' sets allow_custom_ops, which {why} does not need",
                cost="a layer that cannot be converted becomes a custom operator that nothing can run",
                fix=Fix(
                    "Leave allow_custom_ops out",
                    Safety.SAFE if edit else Safety.MANUAL,
                    f"# without: {called(conversion)}.allow_custom_ops = True",
                    (edit,) if edit else (),
                ),
            )

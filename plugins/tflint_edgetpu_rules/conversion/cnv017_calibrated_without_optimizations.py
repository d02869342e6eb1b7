"""CNV017 calibrated-without-optimizations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Safety, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script


class CalibratedWithoutOptimizations(Rule):
    """A representative dataset, and no optimizations: the dataset is never looked at.

    ## Why it matters
    The converter quantizes only where `optimizations` is set. Without it the representative dataset is ignored and the
    model stays float, without a word; with an integer `inference_input_type` the conversion stops.

    ## How to fix
        converter.optimizations = [tf.lite.Optimize.DEFAULT]

    ## Fix safety
    Safe. It is what the representative dataset was given for. Not made where the dataset is set in one branch of a
    choice only.

    ## References
    - https://github.com/google-coral/edgetpu/issues/213
    - https://ai.google.dev/edge/litert/models/post_training_quantization
    """

    meta = RuleMeta(
        "CNV017", "calibrated-without-optimizations", Severity.ERROR, Certainty.DOCUMENTED, fixable=True,
        references=(
            "https://github.com/google-coral/edgetpu/issues/213",
            "https://ai.google.dev/edge/litert/models/post_training_quantization",
        ),
        covers=("Q001",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import holds_at_run, insert_before_run, kind_of, script_location

        from .mistaken import is_mistaken
        from .purpose import called, spelled

        for conversion in script.conversions:
            if kind_of(conversion, script) != "float, although calibrated":
                continue
            if is_mistaken("optimizations", conversion):
                continue
            setting = conversion.last("representative_dataset")
            line = f"{called(conversion)}.optimizations = [{spelled(conversion)}.lite.Optimize.DEFAULT]"
            known = conversion.tensorflow and not conversion.every("optimizations")
            known = known and holds_at_run(script, conversion, "representative_dataset")
            edit = insert_before_run(script, conversion, [line]) if known else None
            yield self.finding(
                script_location(script, setting.span if setting else conversion.span),
                f"'{called(conversion)}' has a representative_dataset, but no optimizations",
                cost="nothing is quantized: the model stays float, or the conversion stops",
                fix=Fix(
                    "Set optimizations", Safety.SAFE if edit else Safety.MANUAL, line, (edit,) if edit else ()
                ),
            )

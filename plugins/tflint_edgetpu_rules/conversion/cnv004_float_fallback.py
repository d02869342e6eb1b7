"""CNV004 float-fallback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script


class FloatFallback(Rule):
    """Operators may stay float: TFLITE_BUILTINS beside TFLITE_BUILTINS_INT8, or no operator set at all.

    ## Why it matters
    What the converter cannot quantize stays float, and nothing tells. With `TFLITE_BUILTINS_INT8` alone older versions
    stop and name the operator; TensorFlow 2.21 stays silent in both cases (measured), so that the file has to be looked
    at anyway. The Object Detection API's guide allows both for the sake of the detection postprocess; detectors are not
    meant here.

    ## How to fix
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]

    and look at the result: `tflint-edgetpu lint model.tflite`.

    ## References
    - https://ai.google.dev/edge/litert/models/post_training_quantization
    """

    meta = RuleMeta(
        "CNV004", "float-fallback", Severity.INFO, Certainty.DOCUMENTED,
        references=("https://ai.google.dev/edge/litert/models/post_training_quantization",), covers=("X002",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import kind_of, script_location

        from .mistaken import is_mistaken
        from .purpose import called, spelled, together

        integers = [one for one in script.conversions if kind_of(one, script) == "full integer"]
        strict = [one for one in integers if not _falls_back(one.integer_sets())]
        if script.is_detector or strict:
            return
        for group in together(integers):
            conversion = group[0]
            setting = conversion.last("target_spec.supported_ops")
            if conversion.is_opaque if setting is None else setting.items is None:
                continue
            if is_mistaken("target_spec.supported_ops", conversion):
                continue
            types = conversion.names("target_spec.supported_types")
            if types == {"int8"}:
                continue
            what = "sets no supported_ops" if setting is None else "allows TFLITE_BUILTINS"
            yield self.finding(
                [script_location(script, one.span) for one in group]
                if setting is None
                else script_location(script, setting.span),
                f"'{called(conversion)}' {what}: operators that cannot be quantized stay float without a word",
                cost="each such operator ends the part that an Edge TPU runs",
                evidence={"supported_ops": sorted(conversion.names("target_spec.supported_ops"))},
                fix=Fix(
                    "Allow integer operators only",
                    how=f"{called(conversion)}.target_spec.supported_ops = "
                    f"[{spelled(conversion)}.lite.OpsSet.TFLITE_BUILTINS_INT8]",
                ),
            )


def _falls_back(ops: frozenset[str]) -> bool:
    return "TFLITE_BUILTINS" in ops or "TFLITE_BUILTINS_INT8" not in ops

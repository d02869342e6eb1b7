"""CNV003 select-tf-ops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Safety, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Conversion, Script, Setting

# Without Flex in the interpreter there is none in the calibrator. 2.18 and 2.19 were not tried.
NO_FLEX = ((2, 20), (2, 21))


class SelectTfOps(Rule):
    """SELECT_TF_OPS allowed in a model of integers.

    ## Why it matters
    `SELECT_TF_OPS` lets the converter keep operators of TensorFlow itself ("Flex") instead of saying which one it
    cannot convert. `edgetpu_compiler` loads no file that holds one: `Regular TensorFlow ops are not supported by this
    interpreter`. In TensorFlow 2.20 and 2.21 calibration stops at them as well. A detector of the Object Detection API
    needs none: its postprocess is a custom operator.

    ## How to fix
    Leave it out. Where the converter then says `op is neither a custom op nor a flex op`, the layer that it names has
    to change, for an Edge TPU in any case.

    ## Fix safety
    Safe. A model without Flex operators stays the same; for one with such an operator the converter now names it.

    ## References
    - https://github.com/google-coral/edgetpu/issues/718
    - https://ai.google.dev/edge/litert/conversion/tensorflow/ops_select
    """

    meta = RuleMeta(
        "CNV003", "select-tf-ops", Severity.WARNING, Certainty.DOCUMENTED, fixable=True,
        references=(
            "https://github.com/google-coral/edgetpu/issues/718",
            "https://ai.google.dev/edge/litert/conversion/tensorflow/ops_select",
        ),
        covers=("X002",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import holds_at_run, is_integer, remove_item, script_location

        from .purpose import called, spelled

        seen = set()
        for conversion in script.conversions:
            if not is_integer(conversion, script):
                continue
            for setting in conversion.every("target_spec.supported_ops"):
                items = [item for item in setting.items or () if item.name == "SELECT_TF_OPS"]
                if not items or setting.span in seen:
                    continue
                if setting.conditional and not _is_for_integers(script, conversion, setting):
                    continue  # the branch may be one that makes a float model
                seen.add(setting.span)
                # In a script that makes a float model in another branch, that one may need them.
                always = setting.conditional or holds_at_run(script, conversion, "representative_dataset")
                trained = not conversion.every("representative_dataset")
                edit = remove_item(script, setting, items[0]) if always or trained else None
                version = script.tensorflow
                stops = "TensorFlow 2.20 and 2.21 cannot calibrate them"
                if version in NO_FLEX:
                    stops = (
                        f"TensorFlow {version[0]}.{version[1]}, which this file uses, cannot calibrate them"
                    )
                needed = " (a detector needs none of them)" if script.is_detector else ""
                yield self.finding(
                    script_location(script, setting.span),
                    f"'{called(conversion)}' allows SELECT_TF_OPS{needed}",
                    cost="operators of TensorFlow itself may stay in the model without a word: edgetpu_compiler "
                    f"loads no such file, and {stops}",
                    evidence={"tensorflow": ".".join(map(str, version)) if version else ""},
                    fix=Fix(
                        "Leave SELECT_TF_OPS out",
                        Safety.SAFE if edit else Safety.MANUAL,
                        f"{called(conversion)}.target_spec.supported_ops = "
                        f"[{spelled(conversion)}.lite.OpsSet.TFLITE_BUILTINS_INT8]",
                        (edit,) if edit else (),
                    ),
                )


def _is_for_integers(script: Script, conversion: Conversion, setting: Setting) -> bool:
    from tflint_edgetpu.api import holds_at

    dataset = conversion.last("representative_dataset")
    return any(item.name == "TFLITE_BUILTINS_INT8" for item in setting.items or ()) or (
        dataset is not None and holds_at(script, setting.span, dataset.span)
    )

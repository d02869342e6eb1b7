"""CNV001 no-representative-dataset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

from .recipes import FULL_INTEGER

if TYPE_CHECKING:
    from tflint_edgetpu.api import Conversion, Script, Setting


class NoRepresentativeDataset(Rule):
    """A converter without calibration data: the model stays float.

    ## Why it matters
    The Edge TPU computes in 8-bit integers. The converter needs sample inputs to learn the range of every
    activation; without them it writes float activations, also where `optimizations` is set ("dynamic range"), and
    `edgetpu_compiler` answers `Model not quantized`. With `TFLITE_BUILTINS_INT8` alone TensorFlow refuses to convert.

    Nothing is said where another converter of the file makes an integer model, or where the file speaks of
    quantization-aware training, which needs no calibration. Where nothing in the file names the Edge TPU, a plain float
    model is only noted.

    ## How to fix
    Keras, SavedModel:

        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = representative_dataset
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.uint8

    or let it be done: `tflint-edgetpu convert SOURCE --calibration DATA`.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro/#quantization
    - https://ai.google.dev/edge/litert/models/post_training_quantization
    """

    meta = RuleMeta(
        "CNV001", "no-representative-dataset", Severity.ERROR, Certainty.DOCUMENTED,
        references=(
            "https://coral.ai/docs/edgetpu/models-intro/#quantization",
            "https://ai.google.dev/edge/litert/models/post_training_quantization",
        ),
        covers=("X001",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import kind_of, script_location

        from .mistaken import is_mistaken
        from .purpose import called, makes_integers, spelled, together

        by_kind = [(kind_of(conversion, script), conversion) for conversion in script.conversions]
        refused = [one for kind, one in by_kind if kind == "integer without calibration"]
        refused = [one for one in refused if not is_mistaken("representative_dataset", one)]
        for group in together(refused):
            conversion = group[0]
            yield self.finding(
                [script_location(script, one.span) for one in group],
                f"'{called(conversion)}' asks for 8-bit integers and has no representative_dataset",
                cost="TensorFlow stops: a `representative_dataset` must be specified",
                related=[script_location(script, setting.span) for setting in _asking(conversion)],
                evidence={"kind": "uncalibrated"},
                fix=self._fix(script, called(conversion), spelled(conversion)),
            )
        if refused or makes_integers(script):
            return
        # A float model beside one of dynamic range is there to be compared with: the latter is the one that was meant.
        for kind in ("dynamic range", "float"):
            found = [
                one
                for its_kind, one in by_kind
                if its_kind == kind and one.runs and not is_mistaken("representative_dataset", one)
            ]
            if found:
                yield self._uncalibrated(script, found, kind)
                return

    def _uncalibrated(self, script: Script, found: list[Conversion], kind: str) -> Finding:
        from tflint_edgetpu.api import script_location

        from .purpose import called, spelled

        ranged = kind == "dynamic range"
        severity = Severity.WARNING if ranged else Severity.INFO
        if script.is_for_edgetpu:
            severity = Severity.ERROR if ranged else Severity.WARNING
        one, places = found[0], {conversion.span: conversion for conversion in found}
        who = f"'{called(one)}' has" if len(places) == 1 else f"{len(places)} converters have"
        what = "activations stay float (dynamic range)" if ranged else "the model stays float"
        return self.finding(
            [script_location(script, span) for span in places],
            f"{who} no representative_dataset: {what}",
            severity=severity,
            cost="an Edge TPU runs nothing of such a model; edgetpu_compiler says: Model not quantized",
            evidence={"kind": kind},
            fix=self._fix(script, called(one), spelled(one)),
        )

    @staticmethod
    def _fix(script: Script, variable: str, tf: str) -> Fix:
        how = FULL_INTEGER.format(variable=variable, tf=tf)
        if script.is_detector:
            how += "\n# a detector: leave inference_output_type unset"
        return Fix("Calibrate with real inputs and ask for integers", how=how)


def _asking(conversion: Conversion) -> list[Setting]:
    """Where it asks for integers."""
    names = ("target_spec.supported_ops", "target_spec.supported_types")
    found = [
        setting
        for name in names
        for setting in conversion.every(name)
        if any(item.name in ("TFLITE_BUILTINS_INT8", "int8") for item in setting.items or ())
    ]
    return found[-1:]

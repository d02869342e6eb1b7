"""CNV019 setting-without-effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

from .recipes import FULL_INTEGER

if TYPE_CHECKING:
    from tflint_edgetpu.api import Conversion, Script, Setting

LONGEST_VALUE = 200


class SettingWithoutEffect(Rule):
    """An attribute that the converter takes and never reads.

    ## Why it matters
    A converter is a Python object: `converter.supported_ops = ...` or a misspelled name is stored and ignored, and the
    default stays in force. The same goes for what is set after `convert()`. `inference_type`, `target_ops` and
    `post_training_quantize` belong to TensorFlow 1; the converter of TensorFlow 2 does not look at them.

    ## How to fix
    Use the name that the converter reads, such as `converter.target_spec.supported_ops`.

    ## References
    - https://www.tensorflow.org/api_docs/python/tf/lite/TFLiteConverter
    """

    meta = RuleMeta(
        "CNV019", "setting-without-effect", Severity.WARNING, Certainty.DOCUMENTED,
        references=("https://www.tensorflow.org/api_docs/python/tf/lite/TFLiteConverter",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import script_location

        from .mistaken import meant_by
        from .purpose import called, spelled

        seen = set()
        ignored: dict[tuple[str, str, str], list[tuple[Conversion, Setting]]] = {}
        for conversion in script.conversions:
            for late in conversion.late:
                # In another cell, a branch or a loop: whether convert() comes later is not known.
                if (
                    late.conditional
                    or late.span.cell != conversion.runs[-1].statement.cell
                    or late.span in seen
                ):
                    continue
                seen.add(late.span)
                yield self.finding(
                    script_location(script, late.span),
                    f"'{late.name}' is set after convert() and the converter does not run again",
                    cost="the model was made without it",
                    related=[script_location(script, conversion.runs[-1].statement)],
                    evidence={"name": late.name, "meant": ""},
                    fix=Fix("Set it before convert()"),
                )
            if conversion.first_generation or conversion.constructor == "constructor":
                continue
            for name in conversion.settings:
                setting, meant = conversion.last(name), meant_by(name, conversion)
                if meant is None or setting is None or setting.span in seen:
                    continue
                seen.add(setting.span)
                ignored.setdefault((called(conversion), name, meant), []).append((conversion, setting))
        for (variable, name, meant), same in ignored.items():
            conversion, setting = same[0]
            fix = Fix(f"Set {meant}", how=f"{variable}.{meant} = {_value(script, setting)}")
            instead = f"'{meant}' may be meant"
            if name == "inference_type" and not conversion.every("representative_dataset"):
                fix = Fix(
                    "Calibrate with real inputs and ask for integers",
                    how=FULL_INTEGER.format(variable=variable, tf=spelled(conversion)),
                )
                instead = "integers take a representative_dataset and TFLITE_BUILTINS_INT8"
            yield self.finding(
                [script_location(script, one.span) for _, one in same],
                f"the converter of TensorFlow 2 never reads '{name}'; {instead}",
                cost="the default stays in force, and nothing says so",
                evidence={"name": name, "meant": meant},
                fix=fix,
            )


def _value(script: Script, setting: Setting) -> str:
    """What it is set to, as it is written; dots for what takes several lines."""
    text = script.line_text(setting.span).partition("=")[2].strip()
    return (
        text if text and setting.span.line == setting.span.end_line and len(text) < LONGEST_VALUE else "..."
    )

"""CNV005 float-interface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Safety, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Conversion, Script

INTEGERS = frozenset(("uint8", "int8"))


class FloatInterface(Rule):
    """An integer model whose inputs or outputs stay float32.

    ## Why it matters
    Without `inference_input_type` the converter puts a QUANTIZE behind every input. The Edge TPU maps the rest all the
    same, but the CPU converts every picture, the application copies four times the bytes, and PyCoral and Frigate feed
    8-bit pixels. Outputs are the same in small; a detector's outputs should stay float (CNV011).

    ## How to fix
        converter.inference_input_type = tf.uint8    # what cameras and PyCoral give
        converter.inference_output_type = tf.uint8   # classifiers; leave it out for a detector

    ## Fix safety
    Safe, with an announced change of the interface: the application feeds uint8 instead of float32. Only the input is
    set, only where nothing is said about it, and not where the model is calibrated in one branch of a choice: the
    converter refuses integer inputs for the float model of the other.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro/#quantization
    """

    meta = RuleMeta(
        "CNV005", "float-interface", Severity.WARNING, Certainty.DOCUMENTED, fixable=True,
        references=("https://coral.ai/docs/edgetpu/models-intro/#quantization",), covers=("Q003", "Q004"),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import holds_at_run, insert_before_run, kind_of, script_location

        from .mistaken import is_mistaken
        from .purpose import called, spelled, together

        integers = [one for one in script.conversions if kind_of(one, script) == "full integer"]
        if any(_is_integer(one, "inference_input_type") and _has_outputs(one, script) for one in integers):
            return
        for group in together(integers):
            conversion = group[0]
            if conversion.is_opaque or is_mistaken("inference_input_type", conversion):
                continue
            variable, tf = called(conversion), spelled(conversion)
            if not _is_integer(conversion, "inference_input_type"):
                chosen = conversion.last("inference_input_type")
                kind = min(conversion.names("inference_output_type") & INTEGERS, default="uint8")
                line = f"{variable}.inference_input_type = {tf}.{kind}"
                always = all(
                    holds_at_run(script, one, name)
                    for one in group
                    for name in ("optimizations", "representative_dataset")
                )
                known = always and not chosen and bool(conversion.tensorflow)
                edit = insert_before_run(script, conversion, [line]) if known else None
                more = "" if script.is_detector else f"\n{variable}.inference_output_type = {tf}.{kind}"
                yield self.finding(
                    script_location(script, chosen.span)
                    if chosen
                    else [script_location(script, one.span) for one in group],
                    f"'{variable}' {'keeps' if chosen else 'does not set'} inference_input_type"
                    f"{' float' if chosen else ': the inputs stay float32'}",
                    severity=Severity.INFO if chosen else Severity.WARNING,
                    cost="the CPU quantizes every input, and the application copies four times the bytes",
                    evidence={"side": "input"},
                    fix=Fix(
                        "Give the inputs 8 bits",
                        Safety.SAFE if edit else Safety.MANUAL,
                        line + more,
                        (edit,) if edit else (),
                    ),
                )
            # float32 written out is a choice, as raw heads of detectors need it.
            elif not script.is_detector and not conversion.every("inference_output_type"):
                yield self.finding(
                    [script_location(script, one.span) for one in group],
                    f"'{variable}' does not set inference_output_type: the outputs stay float32",
                    severity=Severity.INFO,
                    cost="the CPU converts every output, which costs little; right for a detector",
                    evidence={"side": "output"},
                    fix=Fix(
                        "Give the outputs of a classifier 8 bits",
                        how=f"{variable}.inference_output_type = {tf}.uint8",
                    ),
                )


def _is_integer(conversion: Conversion, name: str) -> bool:
    """Whether an integer type is set, or one that is not known."""
    return any(setting.items is None for setting in conversion.every(name)) or bool(
        conversion.names(name) - {"float32"}
    )


def _has_outputs(conversion: Conversion, script: Script) -> bool:
    return script.is_detector or _is_integer(conversion, "inference_output_type")

"""CNV014 other-quantization."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

from .recipes import FULL_INTEGER

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script, Span

KINDS = {"float16": "float16 model", "16-bit activations": "model with 16-bit activations"}


class OtherQuantization(Rule):
    """A model of float16 or of 16-bit activations.

    ## Why it matters
    Both are quantizations, and the Edge TPU runs neither: it has no float and no 16-bit arithmetic. A converter that is
    told `supported_types = [tf.float16]` and `TFLITE_BUILTINS_INT8` alone refuses to convert. Otherwise nothing is said
    where the file makes a model of 8-bit integers as well; where nothing in it names the Edge TPU, it is only noted.

    ## How to fix
    Calibrate with real inputs and ask for `TFLITE_BUILTINS_INT8`.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro/#quantization
    - https://ai.google.dev/edge/litert/models/post_training_quantization
    """

    meta = RuleMeta(
        "CNV014", "other-quantization", Severity.ERROR, Certainty.DOCUMENTED,
        references=(
            "https://coral.ai/docs/edgetpu/models-intro/#quantization",
            "https://ai.google.dev/edge/litert/models/post_training_quantization",
        ),
        covers=("Q001", "Q006"),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import kind_of, script_location

        from .purpose import called, makes_integers, spelled

        for conversion in script.conversions:
            types = conversion.last("target_spec.supported_types")
            ops = conversion.last("target_spec.supported_ops")
            if (
                types is None
                or ops is None
                or {item.name for item in ops.items or ()} != {"TFLITE_BUILTINS_INT8"}
            ):
                continue
            named = {item.name for item in types.items or ()}
            # In another branch than the operators: both are never set together.
            if types.items is None or types.conditional or not named - {"int8"}:
                continue
            yield self.finding(
                script_location(script, types.span),
                f"'{called(conversion)}' asks for {', '.join(sorted(named))} types and for integers only",
                cost="TensorFlow refuses it: supported_types should be left uninitialized or set to {tf.int8}",
                related=[script_location(script, ops.span)],
                evidence={"kind": "both"},
                fix=Fix(
                    "Leave the types unset for the integer model",
                    how=f"{called(conversion)}.target_spec.supported_types = []",
                ),
            )
        if makes_integers(script):
            return
        seen: set[Span] = set()
        for conversion in script.conversions:
            kind = kind_of(conversion, script)
            if kind not in KINDS:
                continue
            name = "supported_types" if kind == "float16" else "supported_ops"
            settings = conversion.every(f"target_spec.{name}")
            asked = [one for one in settings if any("16" in item.name for item in one.items or ())]
            setting = asked[-1] if asked else None
            if setting is not None and setting.span in seen:
                continue
            seen.update([setting.span] if setting is not None else [])
            yield self.finding(
                script_location(script, setting.span if setting else conversion.span),
                f"'{called(conversion)}' makes a {KINDS[kind]}; the Edge TPU computes with 8-bit integers only",
                severity=Severity.ERROR if script.is_for_edgetpu else Severity.INFO,
                cost="an Edge TPU runs nothing of such a model",
                evidence={"kind": kind},
                fix=Fix(
                    "Ask for 8-bit integers",
                    how=FULL_INTEGER.format(variable=called(conversion), tf=spelled(conversion)),
                ),
            )

"""OPS006 custom-operator."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    described,
    shortened,
)

# Seen in models that were compiled, or made by the compiler itself. All others are unknown to it.
KNOWN = frozenset(("TFLite_Detection_PostProcess", "PosenetDecoderOp", "edgetpu-custom-op"))


class CustomOperator(Rule):
    """A custom operator that edgetpu_compiler does not know.

    ## Why it matters
    The compiler first loads the model into an interpreter of its own. That one knows the operators of
    TensorFlow Lite, `TFLite_Detection_PostProcess` and Coral's pose decoder. Any other custom operator ends
    it: `Encountered unresolved custom op: NAME`. Nothing is compiled then, wherever the operator stands.

    ## How to fix
    Cut the model before the operator and do its work in the application, or write it with built-in
    operators. A custom operator often is what `converter.allow_custom_ops = True` let through because a
    layer has no TFLite operator: without it the converter names that layer.

    ## References
    - https://www.tensorflow.org/lite/guide/ops_custom
    - https://github.com/google-coral/edgetpu/issues/515
    """

    meta = RuleMeta(
        "OPS006", "custom-operator", Severity.ERROR, Certainty.MEASURED,
        references=("https://www.tensorflow.org/lite/guide/ops_custom",), covers=("O007",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        operators = [
            operator
            for operator in context.operators_everywhere("CUSTOM")
            if operator.custom_code not in KNOWN and not (operator.custom_code or "").startswith("Flex")
        ]
        if not operators:
            return
        names = sorted({operator.custom_code or "without a name" for operator in operators})
        yield self.finding(
            operators,
            f"{described(operators)}: edgetpu_compiler does not know {'it' if len(names) == 1 else 'them'}",
            cost="no part of the model is compiled: the compiler stops with "
            f"'Encountered unresolved custom op: {shortened(names[0])}'",
            evidence={"operators": len(operators), "names": names},
            fix=Fix(
                "Cut the model before the operator, or write it with built-in ones",
                Safety.MANUAL,
                "converter.allow_custom_ops = False   # the converter then names the layer that needs it",
            ),
        )

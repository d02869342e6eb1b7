"""CNV024 failed-conversion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tflint_edgetpu.api import (
    MEANINGS,
    Certainty,
    Context,
    ConverterMessage,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Severity,
)

from .printed import place_of

OWN_RULES = ("operator-not-quantized",)
LONGEST_TEXT = 160


class FailedConversion(Rule):
    """TensorFlow's converter gave up, and its message says something else than it means.

    ## Why it matters
    The texts come from deep inside of MLIR or of the calibration: 'variable != nullptr was not true', 'accum_dim_lhs !=
    accum_dim_rhs', 'op is neither a custom op nor a flex op'. Each of those listed here has one known cause.

    ## How to fix
    As the finding says; `tflint-edgetpu convert` avoids the causes that lie in the settings.

    ## References
    - https://ai.google.dev/edge/litert/conversion/tensorflow/convert_tf
    """

    meta = RuleMeta(
        "CNV024", "failed-conversion", Severity.ERROR, Certainty.MEASURED,
        references=("https://ai.google.dev/edge/litert/conversion/tensorflow/convert_tf",),
    )  # fmt: skip
    explains = False

    def check_converter(self, messages: Sequence[ConverterMessage], context: Context) -> Iterator[Finding]:
        if context.has_model:
            return  # a model was written: what is in it counts
        seen: set[str] = set()
        for message in messages:
            meaning = MEANINGS[message.kind]
            if meaning.grade != "error" or message.kind in OWN_RULES or message.kind in seen:
                continue
            seen.add(message.kind)
            yield self.finding(
                place_of(message, context),
                f"the conversion failed at: {message.text[:LONGEST_TEXT].rstrip('.')}",
                certainty=Certainty(meaning.certainty),
                cost=meaning.means,
                evidence={"kind": message.kind, "line": message.line or 0},
                fix=Fix(meaning.advice),
            )

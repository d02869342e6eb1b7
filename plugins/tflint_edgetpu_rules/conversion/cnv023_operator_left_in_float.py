"""CNV023 operator-left-in-float."""

from __future__ import annotations

import re
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
    listed,
)

from .printed import place_of

KIND = "operator-not-quantized"
_NAME = re.compile(r"'(\w{1,80})'")


class OperatorLeftInFloat(Rule):
    """The quantizer has no integer form of an operator.

    ## Why it matters
    With the default quantizer 'full integer' does not fail at such an operator: it leaves it in float between a
    DEQUANTIZE and a QUANTIZE, without a word, and what follows falls to the CPU. With
    `experimental_new_quantizer = False` it stops and names the operator. `tflint-edgetpu convert` makes that second run
    where the first one left floats.

    ## How to fix
    Replace the operator in the source model by ones that quantize: `x * -1.0` for NEG, `x * x` for SQUARE, RELU for
    ELU.

    ## References
    - https://ai.google.dev/edge/litert/models/post_training_integer_quant
    """

    meta = RuleMeta(
        "CNV023", "operator-left-in-float", Severity.ERROR, Certainty.MEASURED,
        references=("https://ai.google.dev/edge/litert/models/post_training_integer_quant",), covers=("Q002", "X002"),
    )  # fmt: skip
    explains = False

    def check_converter(self, messages: Sequence[ConverterMessage], context: Context) -> Iterator[Finding]:
        own = [message for message in messages if message.kind == KIND]
        names = list(dict.fromkeys(name for message in own for name in _NAME.findall(message.text)))
        if not own:
            return
        who = listed(names) if names else "an operator"
        meaning = MEANINGS[KIND]
        # Where there is a model, the islands in it are found and graded by what they cost.
        yield self.finding(
            place_of(own[0], context),
            f"the quantizer has no integer form of {who}",
            severity=Severity.INFO if context.has_model else Severity.ERROR,
            cost="it stays in float, on the CPU" if context.has_model else "nothing was converted",
            evidence={"operators": names},
            fix=Fix(meaning.advice),
        )

"""CNV025 converter-message."""

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

OWN_RULES = ("input-type-kept", "output-type-kept")
GRADES = {"info": Severity.INFO, "warning": Severity.WARNING}
LONGEST_TEXT = 160


class ConverterMessageExplained(Rule):
    """A message of TensorFlow's converter that sounds worse than it is, or needs a look.

    ## Why it matters
    The converter prints warnings that mean nothing for an Edge TPU, and says nothing of what does: float islands,
    dense weights with many scales, open shapes. Only the file tells those.

    ## How to fix
    As the finding says; mostly nothing.

    ## References
    - https://ai.google.dev/edge/litert/conversion/tensorflow/convert_tf
    """

    meta = RuleMeta(
        "CNV025", "converter-message", Severity.WARNING, Certainty.DOCUMENTED,
        references=("https://ai.google.dev/edge/litert/conversion/tensorflow/convert_tf",),
    )  # fmt: skip
    explains = False

    def check_converter(self, messages: Sequence[ConverterMessage], context: Context) -> Iterator[Finding]:
        seen: set[str] = set()
        for message in messages:
            meaning = MEANINGS[message.kind]
            grade = GRADES.get(meaning.grade)
            if grade is None or message.kind in OWN_RULES or message.kind in seen:
                continue
            seen.add(message.kind)
            yield self.finding(
                place_of(message, context),
                f"the converter said: {message.text[:LONGEST_TEXT].rstrip('.')}",
                severity=grade,
                certainty=Certainty(meaning.certainty),
                cost=meaning.means,
                evidence={"kind": message.kind, "line": message.line or 0},
                fix=Fix(meaning.advice),
            )

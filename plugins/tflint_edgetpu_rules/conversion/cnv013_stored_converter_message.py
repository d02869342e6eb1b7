"""CNV013 stored-converter-message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import MEANINGS, Certainty, Context, Finding, Fix, Location, Rule, RuleMeta, Severity

if TYPE_CHECKING:
    from tflint_edgetpu.api import Script

LONGEST_TEXT = 120
# The part of a long message that people remember and search for.
SHORT = {
    "input-type-kept": "the inference_input_type attribute will default to the original type",
    "output-type-kept": "the inference_output_type attribute will default to the original type",
    "input-statistics": "Statistics for quantized inputs were expected, but not specified",
}


class StoredConverterMessage(Rule):
    """What the converter said when the notebook was last run, and what it means.

    ## Why it matters
    A notebook keeps what its cells printed. Most of the converter's warnings mean nothing for an Edge TPU, a few mean
    that nothing will run there, and they look alike. The outputs may be older than the code: an error of the converter
    is therefore a warning here.

    ## How to fix
    As the finding says.

    ## References
    - https://ai.google.dev/edge/litert/conversion/tensorflow/convert_tf
    """

    meta = RuleMeta(
        "CNV013", "stored-converter-message", Severity.WARNING, Certainty.DOCUMENTED,
        references=("https://ai.google.dev/edge/litert/conversion/tensorflow/convert_tf",), covers=("X005",),
    )  # fmt: skip

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        seen: dict[str, list[Location]] = {}
        texts: dict[str, str] = {}
        for printed in script.printed:
            cell = script.cells[printed.cell]
            text = " ".join(printed.message.text.split())
            place = Location(
                "cell", f"cell {cell.number}", f"output: {text[:LONGEST_TEXT]}", f"output:{printed.message.kind}",
                line=cell.file_lines[0] if cell.file_lines else 1,
            )  # fmt: skip
            places = seen.setdefault(printed.message.kind, [])
            if place.ref not in {known.ref for known in places}:
                places.append(place)
            texts.setdefault(printed.message.kind, text)
        for kind, places in seen.items():
            meaning = MEANINGS[kind]
            said = SHORT.get(kind) or texts[kind][:LONGEST_TEXT].replace("'", "").rstrip(".")
            yield self.finding(
                places,
                f'printed when it was run: "{said}"; {meaning.means}',
                severity=Severity.INFO if meaning.grade == "info" else Severity.WARNING,
                certainty=Certainty(meaning.certainty),
                evidence={"kind": kind},
                fix=Fix(meaning.advice),
            )

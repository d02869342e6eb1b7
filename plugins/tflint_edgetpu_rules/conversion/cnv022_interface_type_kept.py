"""CNV022 interface-type-kept."""

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
    Tensor,
)

from .printed import place_of

SIDES = {
    "input-type-kept": ("inputs", "inference_input_type"),
    "output-type-kept": ("outputs", "inference_output_type"),
}


class InterfaceTypeKept(Rule):
    """The converter says that an input or output type will default to the original type.

    ## Why it matters
    'For model inputs containing unsupported operations which cannot be quantized, the `inference_input_type` attribute
    will default to the original type' reads like a failure. It is printed whenever some input does not go straight into
    one QUANTIZE (or some output out of one DEQUANTIZE). Whether the type was kept is in the file, not in the message.

    ## How to fix
    Look at the types in the file: `tflint-edgetpu lint model.tflite` names float inputs (IOB001) and outputs (IOB002).
    The outputs of a detection postprocess are float and should stay so.

    ## References
    - https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/python/util.py
    """

    meta = RuleMeta(
        "CNV022", "interface-type-kept", Severity.INFO, Certainty.DOCUMENTED,
        references=("https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/python/util.py",),
        covers=("X005",),
    )  # fmt: skip
    explains = False
    on_compiled = True

    def check_converter(self, messages: Sequence[ConverterMessage], context: Context) -> Iterator[Finding]:
        for kind, (side, attribute) in SIDES.items():
            said = next((message for message in messages if message.kind == kind), None)
            if said is None:
                continue
            meaning = MEANINGS[kind]
            seen = _types(getattr(context.model.main, side)) if context.has_model else None
            fact = f"; the {side} of the file are {seen}" if seen else ""
            yield self.finding(
                place_of(said, context),
                f"the converter said that {attribute} will default to the original type{fact}",
                cost=meaning.means,
                evidence={"kind": kind, "types": seen or ""},
                fix=Fix(meaning.advice),
            )


def _types(tensors: Sequence[Tensor]) -> str:
    kinds: dict[str, int] = {}
    for tensor in tensors:
        kinds[tensor.dtype.lower()] = kinds.get(tensor.dtype.lower(), 0) + 1
    if len(kinds) == 1:
        return next(iter(kinds))
    return ", ".join(f"{number} {kind}" for kind, number in kinds.items())

"""What TensorFlow's converter prints, and what it means for an Edge TPU.

Most of what it prints means nothing (``Ignored output_format.``) and is not listed.  Texts are those of TensorFlow 2.4
to 2.21, from its source and from conversions that were run.  White space is no part of a text, so that wrapped lines
are still known.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from ..model.record import NamedTuple

# A stored output can repeat one line for every step of a loop.
MOST_MESSAGES = 100
LONGEST_TEXT = 300


class ConverterMessage(NamedTuple):
    """``kind`` is a key of :data:`MEANINGS`, ``text`` the message without its log prefix, ``line`` counts from 1."""

    kind: str
    text: str
    line: int | None


class Meaning(NamedTuple):
    """``means``: one sentence without a full stop. ``advice``: what to do, an imperative. ``grade``: error where
    the conversion failed or the file cannot run on an Edge TPU, warning where it has to be looked at, info where it
    is harmless. ``certainty``: documented, measured or guess."""

    means: str
    advice: str
    grade: str
    certainty: str = "documented"


class Known(NamedTuple):
    """One text of the converter; ``named``: whether the name of an operator in quotes stands before it."""

    kind: str
    text: str
    named: bool = False


KNOWN = (
    Known("input-type-kept", "For model inputs containing unsupported operations which cannot be quantized"),
    Known("output-type-kept", "For model outputs containing unsupported operations which cannot be quantized"),
    Known("input-statistics", "Statistics for quantized inputs were expected, but not specified"),
    Known("flex-operators", "TFLite interpreter needs to link Flex delegate in order to run the model"),
    Known("flex-not-available", "Select TensorFlow op(s), included in the given model, is(are) not supported"),
    Known("flex-not-available", "Regular TensorFlow ops are not supported by this interpreter"),
    Known("custom-operators", "The following operation(s) need TFLite custom op implementation(s)"),
    Known("no-such-operator", "op is neither a custom op nor a flex op", named=True),
    Known("custom-operator-not-calibrated", "Failed to initialize op resolver for calibration"),
    Known("operator-not-quantized", "Quantization not yet supported for op"),
    Known("operator-not-quantized", "Quantization to 16x8-bit not yet supported for op"),
    Known("variable-not-tracked", "variable != nullptr was not true"),
    Known("tensor-list", "'tf.TensorListReserve' op requires element_shape to be static"),
    Known("tensor-list", "Lowering tensor list ops is failed"),
    Known("calibration-not-a-number", "Model resulted in Nan value during calibration"),
    Known("calibration-type", "Cannot set tensor: Got value of type"),
    Known("calibration-shape", "Cannot set tensor: Dimension mismatch"),
    Known("calibration-order", "accum_dim_lhs != accum_dim_rhs"),
    Known("calibration-incomplete", "Max and min for dynamic tensors should be recorded during calibration"),
    Known("calibration-missing", "For full integer quantization, a `representative_dataset` must be specified"),
    Known("calibration-missing", "representative_dataset is required for specifying"),
    Known("interface-type", "The inference_input_type and inference_output_type must be"),
    Known("old-converter", "Please consider switching to the new converter by setting"),
    Known("no-trackable", "Please consider providing the trackable_obj argument in the from_concrete_functions"),
    Known("newer-saved-model", "Op type not registered"),
)  # fmt: skip

MEANINGS = {
    "input-type-kept": Meaning(
        "some input does not go straight into exactly one QUANTIZE, so its type may have stayed float; it does not "
        "say that the conversion failed",
        "Look at the inputs of the file that was written: tflint-edgetpu lint model.tflite (IOB001 names a float one)",
        "info",
    ),
    "output-type-kept": Meaning(
        "some output does not come out of a DEQUANTIZE of its own, so it keeps its type; with a detection postprocess "
        "this is as it should be, its results are float",
        "Nothing for a detector; for other models look at the outputs: tflint-edgetpu lint model.tflite",
        "info",
    ),
    "input-statistics": Meaning(
        "the converter misses statistics that only the quantization-aware training of TensorFlow 1 gives; with a "
        "representative dataset the ranges come from there and the message is harmless",
        "Nothing to do",
        "info",
        "measured",
    ),
    "flex-operators": Meaning(
        "the model holds operators of TensorFlow itself (Flex): edgetpu_compiler loads no such file",
        "Replace the layers behind the Flex operators and convert without SELECT_TF_OPS",
        "error",
    ),
    "flex-not-available": Meaning(
        "the model holds Flex operators and this interpreter has none, the calibrator of TensorFlow 2.20 and 2.21 "
        "included; edgetpu_compiler loads no such file either",
        "Replace the layers behind the Flex operators and convert without SELECT_TF_OPS",
        "error",
        "measured",
    ),
    "custom-operators": Meaning(
        "the model holds custom operators, which stay on the CPU; TFLite_Detection_PostProcess is built into every "
        "runtime, any other one has to be brought by the application",
        "Nothing for TFLite_Detection_PostProcess; other custom operators have to leave the model",
        "info",
    ),
    "no-such-operator": Meaning(
        "TensorFlow Lite has no operator for this layer, so nothing was converted",
        "Write the layer with operators that TensorFlow Lite has; Flex is no way out, edgetpu_compiler refuses it",
        "error",
    ),
    "custom-operator-not-calibrated": Meaning(
        "calibration runs the float model and cannot run a custom operator in it, so nothing was quantized",
        "Cut the model in front of the custom operator, or convert without it and let the application do that part",
        "error",
    ),
    "operator-not-quantized": Meaning(
        "the quantizer has no integer form of this operator, and float was not allowed",
        "Replace the operator; with float allowed it becomes a part that stays on the CPU",
        "error",
    ),
    "variable-not-tracked": Meaning(
        "the weights of the model were not frozen into the graph, so calibration finds no values: a Keras 3 model as "
        "the second argument of from_concrete_functions does that",
        "Export with model.export(path) and convert with from_saved_model, or leave the second argument out",
        "error",
        "measured",
    ),
    "tensor-list": Meaning(
        "a recurrent layer (LSTM, GRU) keeps its batch open, and TensorFlow Lite cannot convert its loop",
        "Fix the batch to 1 and build the layer with unroll=True",
        "error",
        "measured",
    ),
    "calibration-not-a-number": Meaning(
        "the model computes NaN for the calibration data",
        "Check the representative dataset: real images, float32, scaled as in training",
        "error",
    ),
    "calibration-type": Meaning(
        "the representative dataset yields another type than the input of the model takes",
        "Yield float32: yield [image[None].astype(np.float32)]",
        "error",
    ),
    "calibration-shape": Meaning(
        "the representative dataset yields another shape than the input of the model has",
        "Yield one sample with its batch dimension: yield [image[None].astype(np.float32)]",
        "error",
    ),
    "calibration-order": Meaning(
        "the arrays of the representative dataset reach the wrong inputs: the order is not that of Keras",
        "Yield a dict keyed by the input names of the signature instead of a list",
        "error",
        "measured",
    ),
    "calibration-incomplete": Meaning(
        "calibration never saw a value of some tensor",
        "Yield all inputs of the model, and samples that reach every branch",
        "error",
    ),
    "calibration-missing": Meaning(
        "the operator set INT8 needs a representative dataset, and there is none: nothing was converted",
        "Set converter.representative_dataset to a function that yields real, preprocessed inputs",
        "error",
    ),
    "interface-type": Meaning(
        "the converter does not give the inputs and outputs the type that was asked for with these settings",
        "Set optimizations, representative_dataset and TFLITE_BUILTINS_INT8 as well: integer inputs need all three",
        "error",
    ),
    "old-converter": Meaning(
        "the converter of TensorFlow 1 does the work; it is no longer maintained",
        "Delete experimental_new_converter = False",
        "warning",
    ),
    "no-trackable": Meaning(
        "a concrete function was converted without the object that holds its variables, which works",
        "Nothing to do; with Keras 3 giving the model there makes the quantization fail",
        "info",
        "measured",
    ),
    "newer-saved-model": Meaning(
        "the SavedModel was written by a newer TensorFlow than the one that converts it",
        "Convert with the TensorFlow that wrote the SavedModel",
        "error",
        "measured",
    ),
}  # fmt: skip

# The names that are printed on the line behind these.
_NAMES_FOLLOW = {"flex-operators": "Flex ops:", "custom-operators": "Custom ops:"}
_LONGEST_NAME = 80
_ESCAPES = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")


def converter_messages(text: str) -> list[ConverterMessage]:
    """The messages in ``text`` that mean something, in order, each once; at most :data:`MOST_MESSAGES`.

    Takes any text and never raises; the time is linear in its length.
    """
    flat, starts, numbers = _flattened(_ESCAPES.sub("", text))
    found: dict[tuple[str, str], tuple[int, ConverterMessage]] = {}
    for known in KNOWN:
        place = flat.find(known.text)
        while place >= 0 and len(found) < MOST_MESSAGES:
            words = _words(flat, starts, place, known)
            line = numbers[bisect_right(starts, place) - 1]
            found.setdefault((known.kind, words), (place, ConverterMessage(known.kind, words, line)))
            place = flat.find(known.text, place + len(known.text))
    return [message for _, message in sorted(found.values())]


def _words(flat: str, starts: list[int], place: int, known: Known) -> str:
    """The message from its first word to the end of the line in which it ends, and the names behind that."""
    last = bisect_right(starts, place + len(known.text) - 1)
    start, end = place, _end(flat, starts, last)
    if known.named and flat[place - 2 : place] == "' ":
        quote = flat.rfind("'", max(place - 2 - _LONGEST_NAME, 0), place - 2)
        start = quote if quote >= 0 else place
    words = flat[start : min(end, start + LONGEST_TEXT)]
    follow = _NAMES_FOLLOW.get(known.kind)
    if follow and last < len(starts) and flat.startswith(follow, starts[last]):
        words += " " + flat[starts[last] : min(_end(flat, starts, last + 1), starts[last] + LONGEST_TEXT)]
    return words


def _end(flat: str, starts: list[int], following: int) -> int:
    """Where the line before the one of index ``following`` ends."""
    return starts[following] - 1 if following < len(starts) else len(flat)


def _flattened(text: str) -> tuple[str, list[int], list[int]]:
    """All words with one blank between them; where each line begins in that, and its number."""
    pieces: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    length = 0
    for number, line in enumerate(text.split("\n"), 1):
        words = " ".join(line.split())
        if words:
            starts.append(length)
            numbers.append(number)
            pieces.append(words)
            length += len(words) + 1
    return " ".join(pieces), starts, numbers

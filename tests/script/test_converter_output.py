"""What the converter prints, verbatim from conversions that were run, and what is made of it."""

from __future__ import annotations

import pytest

from tflint_edgetpu.script.converter_output import KNOWN, LONGEST_TEXT, MEANINGS, converter_messages

PRINTED = {
    "input-type-kept": "WARNING:absl:For model inputs containing unsupported operations which cannot be quantized, the "
    "`inference_input_type` attribute will default to the original type.",
    "output-type-kept": "WARNING:absl:For model outputs containing unsupported operations which cannot be quantized, "
    "the `inference_output_type` attribute will default to the original type.",
    "input-statistics": "convert.py:746: UserWarning: Statistics for quantized inputs were expected, but not "
    "specified; continuing anyway.",
    "flex-operators": "2022-06-11 11:10:49.370983: W tensorflow/compiler/mlir/lite/flatbuffer_export.cc:1901] TFLite "
    "interpreter needs to link Flex delegate in order to run the model since it contains the following Select TFop(s):"
    "\nFlex ops: FlexMatrixInverse",
    "flex-not-available": "Select TensorFlow op(s), included in the given model, is(are) not supported by this "
    "interpreter. Make sure you apply/link the Flex delegate before inference.",
    "custom-operators": "The following operation(s) need TFLite custom op implementation(s):\n"
    "Custom ops: TFLite_Detection_PostProcess",
    "no-such-operator": "loc(callsite): error: 'tf.MatrixInverse' op is neither a custom op nor a flex op",
    "custom-operator-not-calibrated": "RuntimeError: Failed to initialize op resolver for calibration:\n"
    "There are unresolved custom ops: [MyVendorOp]Encountered unresolved custom op: MyVendorOp.",
    "operator-not-quantized": "RuntimeError: Quantization not yet supported for op: 'NEG'.",
    "variable-not-tracked": "RuntimeError: tensorflow/lite/kernels/read_variable.cc:67 variable != nullptr was not "
    "true.Node number 10 (READ_VARIABLE) failed to invoke.",
    "tensor-list": "error: 'tf.TensorListReserve' op requires element_shape to be static during TF Lite "
    "transformation pass",
    "calibration-type": "ValueError: Cannot set tensor: Got value of type STRING but expected type FLOAT32 for input 0",
    "calibration-order": "batch_matmul.cc:381 accum_dim_lhs != accum_dim_rhs (8 != 16)Node number 0 (BATCH_MATMUL)",
    "calibration-missing": "ValueError: For full integer quantization, a `representative_dataset` must be specified.",
    "interface-type": "ValueError: The inference_input_type and inference_output_type must be tf.float32.",
}  # fmt: skip


@pytest.mark.parametrize("kind", PRINTED)
def test_known_texts(kind: str) -> None:
    text = f"Estimated count of arithmetic ops: 1.2 M\n\n{PRINTED[kind]}\nW 364] Ignored output_format.\n"
    (message,) = converter_messages(text)
    assert message.kind == kind and message.line == 3
    assert not message.text.startswith(("WARNING", "2022", "RuntimeError"))


def test_names_are_kept() -> None:
    assert converter_messages(PRINTED["flex-operators"])[0].text.endswith("Flex ops: FlexMatrixInverse")
    assert converter_messages(PRINTED["no-such-operator"])[0].text.startswith("'tf.MatrixInverse' op is")
    assert "'NEG'" in converter_messages(PRINTED["operator-not-quantized"])[0].text


def test_wrapped_and_coloured_text() -> None:
    text = "\x1b[31mFor model inputs containing\r\n   unsupported operations which\ncannot be quantized\x1b[0m, the"
    (message,) = converter_messages(text)
    assert (message.kind, message.line) == ("input-type-kept", 1)


def test_what_is_said_twice_is_told_once() -> None:
    assert len(converter_messages("\n".join([PRINTED["input-statistics"]] * 3))) == 1
    assert (
        len(
            converter_messages(
                PRINTED["no-such-operator"] + "\nerror: 'tf.Erfc' op is neither a custom op nor a flex op"
            )
        )
        == 2
    )


def test_what_means_nothing() -> None:
    text = "fully_quantize: 0, inference_type: 6, input_inference_type: INT8\nSkipping runtime version metadata in the"
    assert converter_messages(text) == []
    assert converter_messages("") == []


def test_a_long_line_is_cut() -> None:
    (message,) = converter_messages(f"{PRINTED['calibration-missing']} {'x' * 5000}")
    assert len(message.text) <= LONGEST_TEXT


def test_every_kind_has_its_meaning() -> None:
    assert {known.kind for known in KNOWN} == set(MEANINGS)
    for meaning in MEANINGS.values():
        assert meaning.grade in ("error", "warning", "info")
        assert meaning.certainty in ("documented", "measured", "guess")
        assert meaning.means[0].islower() or meaning.means.startswith("TensorFlow")
        assert not meaning.means.endswith(".") and meaning.advice[0].isupper()

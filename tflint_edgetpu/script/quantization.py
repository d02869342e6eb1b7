"""What kind of model a converter is told to make."""

from __future__ import annotations

from .conversion import Conversion
from .script import Script

INTEGER = "full integer"  # post-training quantization with a representative dataset
TRAINED = "quantized in training"
INT16 = "16-bit activations"
FLOAT16 = "float16"
DYNAMIC_RANGE = "dynamic range"
UNCALIBRATED = "integer without calibration"  # TensorFlow refuses it
UNOPTIMIZED = "float, although calibrated"  # a dataset and no optimizations: the dataset is not used
FLOAT = "float"
UNKNOWN = "not known"  # other code sets it up
_DESCRIBED = {
    TRAINED: "a model quantized in training",
    INT16: "a model with 16-bit activations",
    FLOAT16: "a float16 model",
    DYNAMIC_RANGE: "a dynamic range model: float activations",
    UNCALIBRATED: "nothing: integers without calibration are refused",
    UNOPTIMIZED: "a float model, although calibrated",
    FLOAT: "a float model",
    UNKNOWN: "a model that other code sets up",
}
# As inference_type of TensorFlow 1, whose converter takes the ranges from the graph. A string is a name as well.
_TRAINED_TYPES = frozenset(("QUANTIZED_UINT8", "uint8", "int8"))
INT16_OPS = "EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8"


def kind_of(conversion: Conversion, script: Script) -> str:
    """One of the words above. A setting whose value is not known counts for the user.

    Source: QuantizationMode in tensorflow/lite/python/lite.py.
    """
    ops = conversion.names("target_spec.supported_ops")
    types = conversion.names("target_spec.supported_types")
    # TFLiteConverter(graph_def, inputs, outputs) is a converter of TensorFlow 1 as well.
    is_old = conversion.first_generation or conversion.constructor == "constructor"
    if is_old and (
        conversion.every("quantized_input_stats") or conversion.names("inference_type") & _TRAINED_TYPES
    ):
        return TRAINED
    optimized = _is_set(conversion, "optimizations") or (
        is_old and any(one.constant is True for one in conversion.every("post_training_quantize"))
    )
    calibrated = _is_set(conversion, "representative_dataset")
    integer_only = "TFLITE_BUILTINS_INT8" in ops or types == {"int8"}
    if INT16_OPS in ops and not integer_only:
        return INT16
    # Integers asked for in a branch are refused there, whatever is made in the other.
    refused = optimized and any(
        setting.conditional and item.name == "TFLITE_BUILTINS_INT8"
        for setting in conversion.every("target_spec.supported_ops")
        for item in setting.items or ()
    )
    if "float16" in types and not calibrated and not conversion.is_opaque and not refused:
        return FLOAT16
    if calibrated and optimized:
        return INTEGER
    if script.is_trained_quantized and optimized:
        return TRAINED
    if conversion.is_opaque:
        return UNKNOWN
    if calibrated:
        return UNOPTIMIZED
    if integer_only:
        return UNCALIBRATED
    return DYNAMIC_RANGE if optimized else FLOAT


def is_integer(conversion: Conversion, script: Script) -> bool:
    """Whether the result is a model of integers, as an Edge TPU needs it."""
    return kind_of(conversion, script) in (INTEGER, TRAINED)


def described(conversion: Conversion, script: Script) -> str:
    """What comes out, in words: ``a full integer model: uint8 in, uint8 out``."""
    kind = kind_of(conversion, script)
    if kind != INTEGER:
        return _DESCRIBED[kind]
    ops, types = conversion.integer_sets(), conversion.names("target_spec.supported_types")
    if ops == {"TFLITE_BUILTINS_INT8"} or types == {"int8"}:
        return f"a full integer model: {interface_of(conversion)}"
    allowed = "TensorFlow" if ops == {"TFLITE_BUILTINS_INT8", "SELECT_TF_OPS"} else "float"
    return f"an integer model: {interface_of(conversion)}, {allowed} operators allowed"


def interface_of(conversion: Conversion) -> str:
    """``uint8 in, float32 out`` as the settings have it."""
    words = []
    for side, name in (("in", "inference_input_type"), ("out", "inference_output_type")):
        setting = conversion.last(name)
        kinds = conversion.names(name)
        words.append(f"{'float32' if setting is None else '/'.join(sorted(kinds)) or 'unknown'} {side}")
    return ", ".join(words)


def _is_set(conversion: Conversion, name: str) -> bool:
    """Whether a setting is given a value that is not empty, in one branch at least."""
    return any(setting.items is None or setting.items for setting in conversion.every(name))

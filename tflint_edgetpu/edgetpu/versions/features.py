"""The version an operator needs, where it depends on more than the type of its first input.

Source: LiteRT's ``op_version.cc``, see :mod:`.needed`.  Each function answers with the version and the
feature that needs it.
"""

from __future__ import annotations

from collections.abc import Callable

from ...model.graph import Operator, Tensor

Need = tuple[int, str]  # version, and the feature that needs it
PLAIN: Need = (1, "nothing in particular")

INT8 = {"INT8": 2}
INT8_16 = {"INT8": 2, "INT16": 3}
BYTE = {"INT8": 2, "UINT8": 2}


def typed(tensor: Tensor | None, versions: dict[str, int]) -> Need:
    version = 1 if tensor is None else versions.get(tensor.dtype, 1)
    return PLAIN if version == 1 or tensor is None else (version, f"{tensor.dtype.lower()} tensors")


def dtype(operator: Operator, number: int) -> str:
    tensor = operator.input(number)
    return "" if tensor is None else tensor.dtype


def rank(tensor: Tensor | None) -> int:
    return 0 if tensor is None else len(tensor.shape)


def result(operator: Operator) -> str:
    return operator.outputs[0].dtype if operator.outputs else ""


def per_channel(tensor: Tensor | None) -> bool:
    return tensor is not None and tensor.quantization is not None and tensor.quantization.per_channel


def is_hybrid(operator: Operator) -> bool:
    return (dtype(operator, 0), dtype(operator, 1), result(operator)) == ("FLOAT32", "INT8", "FLOAT32")


def is_grouped(operator: Operator) -> bool:
    """Whether a CONV_2D has filters for a part of the input channels only."""
    image, filters = operator.input(0), operator.input(1)
    if operator.kind != "CONV_2D" or image is None or filters is None:
        return False
    if len(image.shape) != 4 or len(filters.shape) != 4 or filters.shape[3] <= 0:
        return False
    return image.shape[3] > filters.shape[3] and image.shape[3] % filters.shape[3] == 0


def _conv_2d(operator: Operator) -> Need:
    if dtype(operator, 0) == "INT16" and operator.option("quantized_bias_type", 0):
        return 8, "the option quantized_bias_type"
    if is_grouped(operator):
        return 6, "a grouped convolution"
    if dtype(operator, 0) == "INT8":
        return (7, "int4 filters") if dtype(operator, 1) == "INT4" else (3, "int8 tensors")
    if dtype(operator, 0) == "INT16" and dtype(operator, 1) == "INT16":
        return 4, "int16 tensors"
    if is_hybrid(operator):
        if per_channel(operator.input(1)):
            return 5, "float activations with int8 filters, quantized per channel"
        return 2, "float activations with int8 filters"
    return PLAIN


def _depthwise_conv_2d(operator: Operator) -> Need:
    if dtype(operator, 0) == "INT8":
        return (7, "int4 filters") if dtype(operator, 1) == "INT4" else (3, "int8 tensors")
    if dtype(operator, 0) == "INT16" and dtype(operator, 1) == "INT16":
        return 5, "int16 tensors"
    if is_hybrid(operator):
        if per_channel(operator.input(1)):
            return 6, "float activations with int8 filters, quantized per channel"
        return 4, "float activations with int8 filters"
    if operator.option("dilation_w_factor", 1) != 1 or operator.option("dilation_h_factor", 1) != 1:
        return 2, "a dilation"
    return PLAIN


def _fully_connected(operator: Operator) -> Need:
    weights = operator.input(1)
    if dtype(operator, 1) == "INT2":
        return 14, "int2 weights"
    if dtype(operator, 0) == "INT16" and dtype(operator, 1) == "INT4":
        return 13, "int16 activations with int4 weights"
    if is_hybrid(operator) and per_channel(weights):
        return 12, "float activations with int8 weights, quantized per channel"
    if dtype(operator, 0) == "INT16" and operator.option("quantized_bias_type", 0):
        return 11, "the option quantized_bias_type"
    if weights is not None and weights.is_sparse:
        return 8, "sparse weights"
    if dtype(operator, 0) == "INT16" and dtype(operator, 1) == "INT16":
        return 7, "int16 tensors"
    if len(operator.inputs) == 2:
        return 6, "no bias input"
    if operator.option("keep_num_dims", False):
        return 5, "keep_num_dims"
    if dtype(operator, 0) == "INT8":
        return (10, "int4 weights") if dtype(operator, 1) == "INT4" else (4, "int8 tensors")
    if is_hybrid(operator):
        if operator.option("asymmetric_quantize_inputs", False):
            return 9, "float activations with int8 weights, asymmetric"
        return 3, "float activations with int8 weights"
    return (2, "shuffled weights") if operator.option("weights_format", 0) == 1 else PLAIN


def _transpose_conv(operator: Operator) -> Need:
    if dtype(operator, 0) == "INT16" and operator.option("quantized_bias_type", 0):
        return 5, "the option quantized_bias_type"
    activation = operator.option("fused_activation_function", "NONE")
    if activation != "NONE":
        return 4, f"a fused {activation}"
    if operator.input(3) is not None:
        return 3, "a bias"
    return (2, "int8 tensors") if dtype(operator, 1) == "INT8" else PLAIN


def _batch_matmul(operator: Operator) -> Need:
    if is_hybrid(operator) and operator.option("asymmetric_quantize_inputs", False):
        return 4, "float activations with int8 weights, asymmetric"
    return typed(operator.input(0), INT8_16)


def _lstm(operator: Operator) -> Need:
    types = (dtype(operator, 0), dtype(operator, 2), result(operator))
    if types == ("INT16", "INT8", "INT16") and operator.option("kernel_type", 0) == 0:
        return 5, "int16 activations with int8 weights"
    if operator.option("diagonal_recurrent_tensors", False):
        return 4, "diagonal recurrent tensors"
    if types == ("FLOAT32", "INT8", "FLOAT32"):
        asymmetric = operator.option("asymmetric_quantize_inputs", False)
        base = 3 if operator.kind == "LSTM" else 2
        return base + int(asymmetric), "float activations with int8 weights"
    if operator.kind == "LSTM" and operator.option("kernel_type", 0) == 1:
        return 2, "the basic kernel"
    return PLAIN


def _recurrent(operator: Operator) -> Need:
    if dtype(operator, 1) != "INT8" or result(operator) != "FLOAT32":
        return PLAIN
    asymmetric = operator.option("asymmetric_quantize_inputs", False)
    return 2 + int(asymmetric), "float activations with int8 weights"


def _svdf(operator: Operator) -> Need:
    if is_hybrid(operator):
        asymmetric = operator.option("asymmetric_quantize_inputs", False)
        return (4 if asymmetric else 2), "float activations with int8 weights"
    return (3, "int8 tensors") if dtype(operator, 0) == "INT8" else PLAIN


def _embedding_lookup(operator: Operator) -> Need:
    if dtype(operator, 1) == "INT2":
        return 5, "an int2 table"
    if dtype(operator, 1) == "INT4" or per_channel(operator.input(1)):
        return 4, "a table that is int4 or quantized per row"
    return PLAIN


LAYERS: dict[str, Callable[[Operator], Need]] = {
    "CONV_2D": _conv_2d,
    "DEPTHWISE_CONV_2D": _depthwise_conv_2d,
    "FULLY_CONNECTED": _fully_connected,
    "TRANSPOSE_CONV": _transpose_conv,
    "BATCH_MATMUL": _batch_matmul,
    "LSTM": _lstm,
    "RNN": _recurrent,
    "UNIDIRECTIONAL_SEQUENCE_RNN": _recurrent,
    "BIDIRECTIONAL_SEQUENCE_RNN": _recurrent,
    "BIDIRECTIONAL_SEQUENCE_LSTM": _recurrent,
    "SVDF": _svdf,
    "EMBEDDING_LOOKUP": _embedding_lookup,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": _lstm,
}

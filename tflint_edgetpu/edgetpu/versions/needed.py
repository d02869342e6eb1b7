"""The version an operator needs, from its types and options.

Source: LiteRT's ``op_version.cc`` (22f0209bb8), the code with which converters choose versions, told here
as data where it is one and as small functions where it is not.  Operators it does not name need version 1.
"""

from __future__ import annotations

from collections.abc import Callable

from ...model.graph import Operator, Tensor

Need = tuple[int, str]  # version, and the feature that needs it
PLAIN: Need = (1, "nothing in particular")

_INT8 = {"INT8": 2}
_INT8_16 = {"INT8": 2, "INT16": 3}
_BYTE = {"INT8": 2, "UINT8": 2}

# Operator -> type of input 0 -> version, for those that depend on nothing else.
BY_FIRST_INPUT: dict[str, dict[str, int]] = {
    "ABS": {"INT8": 2, "UINT8": 2, "INT16": 3, "INT32": 5},
    "ARG_MAX": {"INT8": 2, "BOOL": 3},
    "ARG_MIN": {"INT8": 2, "BOOL": 3},
    "AVERAGE_POOL_2D": _INT8_16,
    "CONCATENATION": {"INT8": 2, "INT16": 3, "UINT32": 4},
    "DEPTH_TO_SPACE": _INT8,
    "EQUAL": {"INT8": 2, "STRING": 3, "INT16": 4},
    "EXP": {"INT8": 2, "INT16": 2},
    "FLOOR_DIV": {"FLOAT32": 2, "INT8": 3, "INT16": 3},
    "FLOOR_MOD": {"INT8": 2, "INT16": 2},
    "GELU": _BYTE,
    "GREATER": _INT8,
    "GREATER_EQUAL": _INT8_16,
    "LEAKY_RELU": {"INT16": 2},
    "LESS": _INT8_16,
    "LESS_EQUAL": _INT8,
    "LOG": {"INT8": 2, "INT16": 2},
    "LOGISTIC": _INT8_16,
    "LOG_SOFTMAX": _INT8,
    "MAX_POOL_2D": _INT8_16,
    "MEAN": _INT8_16,
    "MIRROR_PAD": _INT8_16,
    "NOT_EQUAL": {"INT8": 2, "STRING": 3},
    "PACK": {"INT8": 2, "INT16": 3, "UINT32": 4},
    "RANGE": {"INT64": 2},
    "REDUCE_MAX": _INT8_16,
    "REDUCE_MIN": _INT8_16,
    "REDUCE_PROD": {"INT8": 2, "INT16": 2},
    "RELU": {"INT8": 2, "UINT8": 2, "INT16": 3},
    "RELU6": _INT8_16,
    "REVERSE_V2": {"BOOL": 2, "INT8": 3},
    "RSQRT": _INT8_16,
    "SELECT_V2": {"UINT32": 2},
    "SIGN": {"INT32": 2},
    "SOFTMAX": _INT8_16,
    "SPACE_TO_DEPTH": _INT8,
    "SPLIT_V": _INT8,
    "SQUARED_DIFFERENCE": _INT8,
    "SQUEEZE": {"STRING": 2},
    "SUM": _INT8,
    "TANH": _INT8_16,
    "TILE": {"STRING": 2, "INT8": 3},
    "TOPK_V2": {"INT8": 2, "INT16": 3},
    "UNPACK": {"INT8": 2, "UINT8": 2, "BOOL": 3, "INT16": 4},
}


def needed_version(operator: Operator) -> int:
    """The lowest version that describes ``operator``; 1 for custom operators and unknown ones."""
    return _need(operator)[0]


def why_version(operator: Operator) -> str:
    """The feature for which ``operator`` needs its version, in words: 'a grouped convolution'."""
    return _need(operator)[1]


def _need(operator: Operator) -> Need:
    special = _SPECIAL.get(operator.kind)
    if special is not None:
        return special(operator)
    by_type = BY_FIRST_INPUT.get(operator.kind)
    return PLAIN if by_type is None else _typed(operator.input(0), by_type)


def _typed(tensor: Tensor | None, versions: dict[str, int]) -> Need:
    version = 1 if tensor is None else versions.get(tensor.dtype, 1)
    return PLAIN if version == 1 or tensor is None else (version, f"{tensor.dtype.lower()} tensors")


def _dtype(operator: Operator, number: int) -> str:
    tensor = operator.input(number)
    return "" if tensor is None else tensor.dtype


def _rank(tensor: Tensor | None) -> int:
    return 0 if tensor is None else len(tensor.shape)


def _result(operator: Operator) -> str:
    return operator.outputs[0].dtype if operator.outputs else ""


def _per_channel(tensor: Tensor | None) -> bool:
    return tensor is not None and tensor.quantization is not None and tensor.quantization.per_channel


def _is_hybrid(operator: Operator) -> bool:
    return (_dtype(operator, 0), _dtype(operator, 1), _result(operator)) == ("FLOAT32", "INT8", "FLOAT32")


def is_grouped(operator: Operator) -> bool:
    """Whether a CONV_2D has filters for a part of the input channels only."""
    image, filters = operator.input(0), operator.input(1)
    if operator.kind != "CONV_2D" or image is None or filters is None:
        return False
    if len(image.shape) != 4 or len(filters.shape) != 4 or filters.shape[3] <= 0:
        return False
    return image.shape[3] > filters.shape[3] and image.shape[3] % filters.shape[3] == 0


def _conv_2d(operator: Operator) -> Need:
    if is_grouped(operator):
        return 6, "a grouped convolution"
    if _dtype(operator, 0) == "INT8":
        return (7, "int4 filters") if _dtype(operator, 1) == "INT4" else (3, "int8 tensors")
    if _dtype(operator, 0) == "INT16" and _dtype(operator, 1) == "INT16":
        return 4, "int16 tensors"
    if _is_hybrid(operator):
        if _per_channel(operator.input(1)):
            return 5, "float activations with int8 filters, quantized per channel"
        return 2, "float activations with int8 filters"
    return PLAIN


def _depthwise_conv_2d(operator: Operator) -> Need:
    if _dtype(operator, 0) == "INT8":
        return (7, "int4 filters") if _dtype(operator, 1) == "INT4" else (3, "int8 tensors")
    if _dtype(operator, 0) == "INT16" and _dtype(operator, 1) == "INT16":
        return 5, "int16 tensors"
    if _is_hybrid(operator):
        if _per_channel(operator.input(1)):
            return 6, "float activations with int8 filters, quantized per channel"
        return 4, "float activations with int8 filters"
    if operator.option("dilation_w_factor", 1) != 1 or operator.option("dilation_h_factor", 1) != 1:
        return 2, "a dilation"
    return PLAIN


def _fully_connected(operator: Operator) -> Need:
    weights = operator.input(1)
    if _is_hybrid(operator) and _per_channel(weights):
        return 12, "float activations with int8 weights, quantized per channel"
    if weights is not None and weights.is_sparse:
        return 8, "sparse weights"
    if _dtype(operator, 0) == "INT16":
        return (13, "int4 weights") if _dtype(operator, 1) == "INT4" else (7, "int16 tensors")
    if len(operator.inputs) == 2:
        return 6, "no bias input"
    if operator.option("keep_num_dims", False):
        return 5, "keep_num_dims"
    if _dtype(operator, 0) == "INT8":
        return (10, "int4 weights") if _dtype(operator, 1) == "INT4" else (4, "int8 tensors")
    if _is_hybrid(operator):
        if operator.option("asymmetric_quantize_inputs", False):
            return 9, "float activations with int8 weights, asymmetric"
        return 3, "float activations with int8 weights"
    return (2, "shuffled weights") if operator.option("weights_format", 0) == 1 else PLAIN


def _transpose_conv(operator: Operator) -> Need:
    activation = operator.option("fused_activation_function", "NONE")
    if activation != "NONE":
        return 4, f"a fused {activation}"
    if operator.input(3) is not None:
        return 3, "a bias"
    return (2, "int8 tensors") if _dtype(operator, 1) == "INT8" else PLAIN


def _add(operator: Operator) -> Need:
    first = operator.input(0)
    if first is not None and first.dtype == "INT16" and not first.is_quantized:
        return 5, "int16 tensors without quantization"
    if _dtype(operator, 0) == "INT64":
        return 4, "int64 tensors"
    if _dtype(operator, 0) == "INT16" and not operator.option("pot_scale_int16", True):
        return 3, "int16 tensors with scales that are no powers of two"
    return _typed(first, _INT8)


def _sub(operator: Operator) -> Need:
    if _dtype(operator, 0) == "INT16" and not operator.option("pot_scale_int16", True):
        return 5, "int16 tensors with scales that are no powers of two"
    if _dtype(operator, 0) == "INT64":
        return 4, "int64 tensors"
    if _broadcasts_wide(operator):
        return 3, "broadcasting over more than four dimensions"
    return _typed(operator.input(0), _INT8)


def _mul(operator: Operator) -> Need:
    first, second = operator.input(0), operator.input(1)
    if first is not None and (first.dtype == "UINT32" or (first.dtype == "INT16" and not first.is_quantized)):
        return 7, f"{first.dtype.lower()} tensors without quantization"
    special = {"COMPLEX64": 6, "INT64": 5, "INT16": 4}
    if _dtype(operator, 0) in special:
        return _typed(first, special)
    result = operator.output()
    scales = [
        t.quantization.scale
        for t in (first, second, result)
        if t and t.quantization and t.quantization.scales
    ]
    if len(scales) == 3 and all(scales) and scales[0] * scales[1] / scales[2] >= 1.0:
        return 3, "a rescaling by 1 or more"
    return _typed(first, _INT8)


def _maximum_minimum(operator: Operator) -> Need:
    if _dtype(operator, 0) == "INT16":
        return 4, "int16 tensors"
    if _broadcasts_wide(operator):
        return 3, "broadcasting over more than four dimensions"
    return _typed(operator.input(0), _INT8)


def _div(operator: Operator) -> Need:
    return (2, "broadcasting over more than four dimensions") if _broadcasts_wide(operator) else PLAIN


def _broadcasts_wide(operator: Operator) -> bool:
    first, second = operator.input(0), operator.input(1)
    if first is None or second is None or first.shape == second.shape:
        return False
    return max(_rank(first), _rank(second)) > 4


def _resize_bilinear(operator: Operator) -> Need:
    if _dtype(operator, 0) == "INT16":
        return 4, "int16 tensors"
    if operator.option("half_pixel_centers", False):
        return 3, "half_pixel_centers"
    return _typed(operator.input(0), _INT8)


def _resize_nearest_neighbor(operator: Operator) -> Need:
    if _dtype(operator, 0) == "INT16":
        return 4, "int16 tensors"
    for option in ("half_pixel_centers", "align_corners"):
        if operator.option(option, False):
            return 3, option
    return _typed(operator.input(0), _INT8)


def _transpose(operator: Operator) -> Need:
    rank = _rank(operator.input(0))
    if _dtype(operator, 0) == "INT4":
        return 7, "int4 tensors"
    if rank > 5:
        return 6, "six dimensions"
    if _dtype(operator, 0) == "INT16":
        return 5, "int16 tensors"
    return (4, "five dimensions") if rank > 4 else _typed(operator.input(0), {"INT8": 2, "BOOL": 3})


def _strided_slice(operator: Operator) -> Need:
    if operator.option("offset", False):
        return 8, "the option offset"
    if operator.option("ellipsis_mask", 0) or operator.option("new_axis_mask", 0):
        return 6, "an ellipsis or new axis"
    if _rank(operator.input(0)) > 4:
        return 4, "more than four dimensions"
    return _typed(operator.input(0), {"INT8": 2, "BOOL": 3, "STRING": 5, "UINT32": 7})


def _slice(operator: Operator) -> Need:
    if _rank(operator.input(0)) > 4:
        return 5, "more than four dimensions"
    return _typed(operator.input(0), {"INT8": 2, "STRING": 3, "INT16": 4, "UINT32": 6})


def _pad(operator: Operator) -> Need:
    if _dtype(operator, 0) == "BOOL":
        return 5, "bool tensors"
    if _rank(operator.input(0)) > 4:
        return 4, "more than four dimensions"
    return _typed(operator.input(0), _INT8_16)


def _space_and_batch(operator: Operator) -> Need:
    if _dtype(operator, 0) == "INT16":
        return 4, "int16 tensors"
    if _rank(operator.input(0)) != 4:
        return 3, f"{_rank(operator.input(0))} dimensions"
    return _typed(operator.input(0), _INT8)


def _quantize(operator: Operator) -> Need:
    if "INT4" in (_dtype(operator, 0), _result(operator)):
        return 4, "int4 tensors"
    if any(_per_channel(tensor) for tensor in operator.tensors):
        return 3, "a quantization per channel"
    return (2, "an int16 result") if _result(operator) == "INT16" else PLAIN


def _dequantize(operator: Operator) -> Need:
    if _dtype(operator, 0) == "INT8" and _per_channel(operator.input(0)):
        return 5, "a quantization per channel"
    return _typed(operator.input(0), {"INT8": 2, "INT16": 3, "FLOAT16": 3, "INT4": 6})


def _gather(operator: Operator) -> Need:
    if _dtype(operator, 0) == "INT4":
        return 7, "int4 tensors"
    if _dtype(operator, 1) == "INT16":
        return 6, "int16 indices"
    if operator.option("batch_dims", 0):
        return 5, "batch_dims"
    return _typed(operator.input(0), {"INT8": 2, "BOOL": 3, "INT16": 4})


def _gather_nd(operator: Operator) -> Need:
    if _dtype(operator, 1) == "INT16":
        return 4, "int16 indices"
    return _typed(operator.input(0), {"STRING": 2, "INT16": 3, "BOOL": 5})


def _split(operator: Operator) -> Need:
    return _typed(operator.input(1), {"INT8": 2, "INT32": 3, "INT16": 4})


def _batch_matmul(operator: Operator) -> Need:
    if _is_hybrid(operator) and operator.option("asymmetric_quantize_inputs", False):
        return 4, "float activations with int8 weights, asymmetric"
    return _typed(operator.input(0), _INT8_16)


def _cast(operator: Operator) -> Need:
    types = (_dtype(operator, 0), _result(operator))
    for version, kinds in ((7, ("BFLOAT16",)), (5, ("FLOAT64", "FLOAT16")), (4, ("UINT16",)), (3, ("INT8",)),
                           (2, ("UINT32",))):  # fmt: skip
        for kind in kinds:
            if kind in types:
                return version, f"{kind.lower()} tensors"
    return PLAIN


def _fill(operator: Operator) -> Need:
    versions = {"FLOAT16": 4, "INT8": 3, "INT16": 3, "BOOL": 2, "STRING": 2}
    return _typed(operator.input(1), versions)


def _broadcast_to(operator: Operator) -> Need:
    return (
        (3, "8- or 16-bit tensors") if _dtype(operator, 0) in ("INT8", "INT16") else (2, "its builtin code")
    )


def _where(operator: Operator) -> Need:
    return PLAIN if _dtype(operator, 0) == "BOOL" else (2, "an input that is not bool")


def _lstm(operator: Operator) -> Need:
    if _dtype(operator, 0) == "FLOAT32" and _dtype(operator, 2) == "INT8":
        asymmetric = operator.option("asymmetric_quantize_inputs", False)
        base = 3 if operator.kind == "LSTM" else 2
        return base + int(asymmetric), "float activations with int8 weights"
    if operator.kind == "LSTM" and operator.option("kernel_type", 0) == 1:
        return 2, "the basic kernel"
    return (
        (4, "diagonal recurrent tensors") if operator.option("diagonal_recurrent_tensors", False) else PLAIN
    )


_SPECIAL: dict[str, Callable[[Operator], Need]] = {
    "CONV_2D": _conv_2d,
    "DEPTHWISE_CONV_2D": _depthwise_conv_2d,
    "FULLY_CONNECTED": _fully_connected,
    "TRANSPOSE_CONV": _transpose_conv,
    "ADD": _add,
    "SUB": _sub,
    "MUL": _mul,
    "DIV": _div,
    "MAXIMUM": _maximum_minimum,
    "MINIMUM": _maximum_minimum,
    "RESIZE_BILINEAR": _resize_bilinear,
    "RESIZE_NEAREST_NEIGHBOR": _resize_nearest_neighbor,
    "TRANSPOSE": _transpose,
    "STRIDED_SLICE": _strided_slice,
    "SLICE": _slice,
    "PAD": _pad,
    "PADV2": _pad,
    "SPACE_TO_BATCH_ND": _space_and_batch,
    "BATCH_TO_SPACE_ND": _space_and_batch,
    "QUANTIZE": _quantize,
    "DEQUANTIZE": _dequantize,
    "GATHER": _gather,
    "GATHER_ND": _gather_nd,
    "SPLIT": _split,
    "BATCH_MATMUL": _batch_matmul,
    "CAST": _cast,
    "FILL": _fill,
    "BROADCAST_TO": _broadcast_to,
    "WHERE": _where,
    "LSTM": _lstm,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": _lstm,
}

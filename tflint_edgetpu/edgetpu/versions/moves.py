"""The version an operator needs: arithmetic, and operators that move data. See :mod:`.features`."""

from __future__ import annotations

from collections.abc import Callable

from ...model.graph import Operator
from .features import INT8, INT8_16, PLAIN, Need, dtype, per_channel, rank, result, typed


def _add(operator: Operator) -> Need:
    first = operator.input(0)
    if dtype(operator, 0) == "FLOAT16":
        return 6, "float16 tensors"
    if first is not None and first.dtype == "INT16" and not first.is_quantized:
        return 5, "int16 tensors without quantization"
    if dtype(operator, 0) == "INT64":
        return 4, "int64 tensors"
    if dtype(operator, 0) == "INT16" and not operator.option("pot_scale_int16", True):
        return 3, "int16 tensors with scales that are no powers of two"
    return typed(first, INT8)


def _sub(operator: Operator) -> Need:
    if dtype(operator, 0) == "INT16" and not operator.option("pot_scale_int16", True):
        return 5, "int16 tensors with scales that are no powers of two"
    if dtype(operator, 0) == "INT64":
        return 4, "int64 tensors"
    if _broadcasts_wide(operator):
        return 3, "broadcasting over more than four dimensions"
    return typed(operator.input(0), INT8)


def _mul(operator: Operator) -> Need:
    first, second = operator.input(0), operator.input(1)
    if first is not None and (first.dtype == "UINT32" or (first.dtype == "INT16" and not first.is_quantized)):
        return 7, f"{first.dtype.lower()} tensors without quantization"
    special = {"FLOAT16": 8, "COMPLEX64": 6, "INT64": 5, "INT16": 4}
    if dtype(operator, 0) in special:
        return typed(first, special)
    written = operator.output()
    scales = [
        t.quantization.scale
        for t in (first, second, written)
        if t and t.quantization and t.quantization.scales
    ]
    if len(scales) == 3 and all(scales) and scales[0] * scales[1] / scales[2] >= 1.0:
        return 3, "a rescaling by 1 or more"
    return typed(first, INT8)


def _maximum_minimum(operator: Operator) -> Need:
    if dtype(operator, 0) == "INT16":
        return 4, "int16 tensors"
    if _broadcasts_wide(operator):
        return 3, "broadcasting over more than four dimensions"
    return typed(operator.input(0), INT8)


def _div(operator: Operator) -> Need:
    return (2, "broadcasting over more than four dimensions") if _broadcasts_wide(operator) else PLAIN


def _broadcasts_wide(operator: Operator) -> bool:
    first, second = operator.input(0), operator.input(1)
    if first is None or second is None or first.shape == second.shape:
        return False
    return max(rank(first), rank(second)) > 4


def _resize_bilinear(operator: Operator) -> Need:
    if dtype(operator, 0) == "INT16":
        return 4, "int16 tensors"
    if operator.option("half_pixel_centers", False):
        return 3, "half_pixel_centers"
    return typed(operator.input(0), INT8)


def _resize_nearest_neighbor(operator: Operator) -> Need:
    if dtype(operator, 0) == "INT16":
        return 4, "int16 tensors"
    for option in ("half_pixel_centers", "align_corners"):
        if operator.option(option, False):
            return 3, option
    return typed(operator.input(0), INT8)


def _transpose(operator: Operator) -> Need:
    dimensions = rank(operator.input(0))
    if dimensions > 6 and dtype(operator, 0) != "FLOAT16":
        return 8, "more than six dimensions"
    if dtype(operator, 0) in ("FLOAT16", "BFLOAT16", "INT4"):
        return typed(operator.input(0), {"FLOAT16": 9, "BFLOAT16": 8, "INT4": 7})
    if dimensions > 5:
        return 6, "six dimensions"
    if dtype(operator, 0) == "INT16":
        return 5, "int16 tensors"
    return (4, "five dimensions") if dimensions > 4 else typed(operator.input(0), {"INT8": 2, "BOOL": 3})


def _strided_slice(operator: Operator) -> Need:
    if operator.option("offset", False):
        return 8, "the option offset"
    if dtype(operator, 0) == "UINT32":
        return 7, "uint32 tensors"
    if operator.option("ellipsis_mask", 0) or operator.option("new_axis_mask", 0):
        return 6, "an ellipsis or a new axis"
    if dtype(operator, 0) == "STRING":
        return 5, "string tensors"
    if rank(operator.input(0)) > 4:
        return 4, "more than four dimensions"
    return typed(operator.input(0), {"INT8": 2, "BOOL": 3})


def _slice(operator: Operator) -> Need:
    if dtype(operator, 0) in ("FLOAT16", "INT4", "UINT32"):
        return typed(operator.input(0), {"UINT32": 6, "INT4": 7, "FLOAT16": 8})
    if rank(operator.input(0)) > 4:
        return 5, "more than four dimensions"
    return typed(operator.input(0), {"INT8": 2, "STRING": 3, "INT16": 4})


def _pad(operator: Operator) -> Need:
    if dtype(operator, 0) == "BOOL":
        return 5, "bool tensors"
    if rank(operator.input(0)) > 4:
        return 4, "more than four dimensions"
    return typed(operator.input(0), INT8_16)


def _space_and_batch(operator: Operator) -> Need:
    if dtype(operator, 0) == "INT16":
        return 4, "int16 tensors"
    if rank(operator.input(0)) != 4:
        return 3, f"{rank(operator.input(0))} dimensions"
    return typed(operator.input(0), INT8)


def _quantize(operator: Operator) -> Need:
    types = (dtype(operator, 0), result(operator))
    for version, kind in ((5, "UINT4"), (4, "INT4")):
        if kind in types:
            return version, f"{kind.lower()} tensors"
    if per_channel(operator.output()):
        return 3, "a quantization per channel"
    return (2, "an int16 result") if result(operator) == "INT16" else PLAIN


def _dequantize(operator: Operator) -> Need:
    if dtype(operator, 0) == "INT8" and per_channel(operator.input(0)):
        return 5, "a quantization per channel"
    versions = {"INT8": 2, "INT16": 3, "FLOAT16": 3, "INT4": 6, "INT2": 7, "UINT4": 8}
    return typed(operator.input(0), versions)


def _gather(operator: Operator) -> Need:
    if dtype(operator, 0) == "INT4":
        return 7, "int4 tensors"
    if dtype(operator, 1) == "INT16":
        return 6, "int16 indices"
    if operator.option("batch_dims", 0):
        return 5, "batch_dims"
    return typed(operator.input(0), {"INT8": 2, "BOOL": 3, "INT16": 4})


def _gather_nd(operator: Operator) -> Need:
    if dtype(operator, 1) == "INT16":
        return 4, "int16 indices"
    return typed(operator.input(0), {"STRING": 2, "INT16": 3, "BOOL": 5})


def _split(operator: Operator) -> Need:
    return typed(operator.input(1), {"INT8": 2, "INT32": 3, "INT16": 4})


# From the newest version to the oldest: the first one whose types occur decides.
_CASTS = (
    (8, ("INT2", "UINT4")),
    (7, ("BFLOAT16",)),
    (6, ("INT4",)),
    (5, ("FLOAT64", "FLOAT16")),
    (4, ("UINT16",)),
    (3, ("INT8",)),
    (2, ("UINT32",)),
)


def _cast(operator: Operator) -> Need:
    types = (dtype(operator, 0), result(operator))
    for version, kinds in _CASTS:
        for kind in kinds:
            if kind in types:
                return version, f"{kind.lower()} tensors"
    return PLAIN


def _fill(operator: Operator) -> Need:
    versions = {"FLOAT16": 4, "INT8": 3, "INT16": 3, "BOOL": 2, "STRING": 2}
    return typed(operator.input(1), versions)


def _broadcast_to(operator: Operator) -> Need:
    return (3, "8- or 16-bit tensors") if dtype(operator, 0) in ("INT8", "INT16") else (2, "its builtin code")


def _where(operator: Operator) -> Need:
    return PLAIN if dtype(operator, 0) == "BOOL" else (2, "an input that is not bool")


def _l2_normalization(operator: Operator) -> Need:
    return (2, "int8 tensors") if result(operator) == "INT8" else PLAIN


def _select(operator: Operator) -> Need:
    if dtype(operator, 0) == "UINT32":
        return 4, "uint32 tensors"
    if any(rank(tensor) == 5 for tensor in operator.inputs):
        return 3, "five dimensions"
    return typed(operator.input(0), INT8)


def _sparse_to_dense(operator: Operator) -> Need:
    return typed(operator.input(2), {"INT64": 2, "INT8": 3, "UINT8": 3})


def _dynamic_update_slice(operator: Operator) -> Need:
    need = typed(operator.input(0), {"FLOAT16": 3, "INT16": 4, "INT4": 5, "BFLOAT16": 6})
    return (2, "int64 indices") if need == PLAIN and dtype(operator, 2) == "INT64" else need


ARITHMETIC_AND_MOVES: dict[str, Callable[[Operator], Need]] = {
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
    "CAST": _cast,
    "FILL": _fill,
    "BROADCAST_TO": _broadcast_to,
    "WHERE": _where,
    "L2_NORMALIZATION": _l2_normalization,
    "SELECT": _select,
    "SPARSE_TO_DENSE": _sparse_to_dense,
    "DYNAMIC_UPDATE_SLICE": _dynamic_update_slice,
}

"""What an operator costs: multiply-accumulates, the unit in which models are compared, and bytes moved."""

from __future__ import annotations

from ..model.graph import Model, Operator
from ..model.record import NamedTuple


class Cost(NamedTuple):
    """One operator, one inference."""

    macs: int
    parameter_bytes: int  # constants as the file stores them, without shapes and paddings
    activation_bytes: int  # read and written


# Operators whose constants are shapes, axes or paddings from this input on, not parameters.
_SETTINGS_FROM = {
    "EXPAND_DIMS": 1, "MEAN": 1, "PAD": 1, "PADV2": 1, "REDUCE_MAX": 1, "REDUCE_MIN": 1, "RESHAPE": 1,
    "RESIZE_BILINEAR": 1, "RESIZE_NEAREST_NEIGHBOR": 1, "SLICE": 1, "STRIDED_SLICE": 1, "SUM": 1, "TILE": 1,
    "TRANSPOSE": 1,
}  # fmt: skip


def cost_of(operator: Operator, model: Model) -> Cost:
    """The cost of an operator wherever it runs; a tensor of a type without a fixed size counts nothing."""
    parameters = activations = 0
    settings = _SETTINGS_FROM.get(operator.kind, len(operator.inputs))
    for number, tensor in enumerate(operator.inputs):
        if tensor is None or number >= settings:
            continue
        if model.is_constant(tensor):
            parameters += tensor.bytes or 0
        else:
            activations += tensor.bytes or 0
    activations += sum(tensor.bytes or 0 for tensor in operator.outputs)
    return Cost(multiply_accumulates(operator), parameters, activations)


def multiply_accumulates(operator: Operator) -> int:
    """Multiply-accumulates of one inference; 0 for operators that only move or compare data.

    Convolutions: output elements x filter height x width x input channels of one group.
    FULLY_CONNECTED: output elements x accumulation depth.  BATCH_MATMUL: output elements x inner size.
    """
    filters = operator.input(1)
    output = operator.output()
    if output is None or filters is None:
        return 0
    kind = operator.kind
    if kind == "CONV_2D" and len(filters.shape) == 4:  # filters [out, height, width, in / groups]
        return output.elements * filters.shape[1] * filters.shape[2] * filters.shape[3]
    if kind == "DEPTHWISE_CONV_2D" and len(filters.shape) == 4:  # filters [1, height, width, out]
        return output.elements * filters.shape[1] * filters.shape[2]
    if kind == "CONV_3D" and len(filters.shape) == 5:  # filters [depth, height, width, in, out]
        return output.elements * filters.shape[0] * filters.shape[1] * filters.shape[2] * filters.shape[3]
    if kind == "FULLY_CONNECTED" and filters.shape:  # weights [out, in]
        return output.elements * filters.shape[-1]
    if kind == "TRANSPOSE_CONV" and len(filters.shape) == 4:  # output shape, weights [out, h, w, in], input
        image = operator.input(2)
        return 0 if image is None else image.elements * filters.shape[0] * filters.shape[1] * filters.shape[2]
    if kind == "BATCH_MATMUL":
        left = operator.input(0)
        if left is None or len(left.shape) < 2:
            return 0
        inner = left.shape[-2] if operator.option("adj_x", False) else left.shape[-1]
        return output.elements * max(inner, 0)
    if kind in ("LSTM", "UNIDIRECTIONAL_SEQUENCE_LSTM"):
        weights = [t for t in operator.inputs[1:9] if t is not None]
        steps = output.shape[-2] if kind != "LSTM" and len(output.shape) > 2 else 1
        return steps * sum(t.elements for t in weights)
    return 0

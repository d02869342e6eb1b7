"""How much arithmetic an operator is: multiply-accumulates, the unit in which models are compared."""

from __future__ import annotations

from ..model.graph import Operator


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

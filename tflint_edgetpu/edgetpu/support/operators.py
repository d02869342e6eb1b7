"""Coral's table of supported operators."""

from __future__ import annotations

from ...model.graph import Operator
from .constraint import Facts, Status, constraint, documented

TABLE = "coral.ai/docs/edgetpu/models-intro, table 1"

# TFLite operator -> first compiler release that has it. Source: coral.ai/docs/edgetpu/models-intro,
# table 1, and libcoral's CHANGES.md for the releases.
SUPPORTED = {
    "ADD": (1, 0), "AVERAGE_POOL_2D": (1, 0), "CONCATENATION": (1, 0), "CONV_2D": (1, 0),
    "DEPTHWISE_CONV_2D": (1, 0), "EXPAND_DIMS": (2, 0), "FULLY_CONNECTED": (1, 0),
    "L2_NORMALIZATION": (1, 0), "LOGISTIC": (1, 0), "LSTM": (16, 0),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": (16, 0), "MAXIMUM": (1, 0), "MAX_POOL_2D": (1, 0), "MEAN": (1, 0),
    "MINIMUM": (1, 0), "MUL": (1, 0), "PACK": (2, 0), "PAD": (1, 0), "PRELU": (2, 0), "QUANTIZE": (2, 0),
    "REDUCE_MAX": (16, 0), "REDUCE_MIN": (16, 0), "RELU": (1, 0), "RELU6": (1, 0), "RELU_N1_TO_1": (1, 0),
    "RESHAPE": (1, 0), "RESIZE_BILINEAR": (1, 0), "RESIZE_NEAREST_NEIGHBOR": (1, 0), "RSQRT": (16, 0),
    "SLICE": (1, 0), "SOFTMAX": (1, 0), "SPACE_TO_DEPTH": (1, 0), "SPLIT": (1, 0),
    "SQUARED_DIFFERENCE": (16, 0), "SQUEEZE": (1, 0), "STRIDED_SLICE": (1, 0), "SUB": (1, 0),
    "SUM": (2, 0), "TANH": (1, 0), "TRANSPOSE": (16, 0), "TRANSPOSE_CONV": (2, 0),
}  # fmt: skip


@constraint(
    status=Status.NOT_SUPPORTED,
    source=documented(TABLE),
)
def operator_is_in_the_table(operator: Operator, facts: Facts) -> str | None:
    """The operator is in Coral's table of supported operators for this compiler."""
    since = SUPPORTED.get(operator.kind)
    if since is None:
        return f"{operator.label} is not in the table"
    if facts.target.compiler < since:
        return f"{operator.kind} came with compiler {since[0]}.{since[1]}"
    return None


CONSTRAINTS = (operator_is_in_the_table,)

"""The version an operator needs, from its types and options.

Source: LiteRT's ``op_version.cc`` (22f0209bb8), the code with which converters choose versions, told here
as data where it is one and as small functions where it is not.  Operators it does not name need version 1.
"""

from __future__ import annotations

from ...model.graph import Operator
from .features import BYTE, INT8, INT8_16, LAYERS, PLAIN, Need, typed
from .moves import ARITHMETIC_AND_MOVES

# Operator -> type of input 0 -> version, for those that depend on nothing else.
BY_FIRST_INPUT: dict[str, dict[str, int]] = {
    "ABS": {"INT8": 2, "UINT8": 2, "INT16": 3, "INT32": 5},
    "ARG_MAX": {"INT8": 2, "BOOL": 3},
    "ARG_MIN": {"INT8": 2, "BOOL": 3},
    "AVERAGE_POOL_2D": INT8_16,
    "CONCATENATION": {"INT8": 2, "INT16": 3, "UINT32": 4, "INT4": 5, "FLOAT16": 6},
    "COS": {"FLOAT16": 2},
    "DEPTH_TO_SPACE": INT8,
    "EQUAL": {"INT8": 2, "STRING": 3, "INT16": 5},
    "EXP": {"INT8": 2, "INT16": 2},
    "FLOOR_DIV": {"FLOAT32": 2, "INT8": 3, "INT16": 3},
    "FLOOR_MOD": {"INT8": 2, "INT16": 2},
    "GELU": BYTE,
    "GREATER": INT8,
    "GREATER_EQUAL": INT8_16,
    "LEAKY_RELU": {"INT16": 2},
    "LESS": INT8_16,
    "LESS_EQUAL": INT8,
    "LOG": {"INT8": 2, "INT16": 2},
    "LOGISTIC": INT8_16,
    "LOG_SOFTMAX": INT8,
    "MAX_POOL_2D": INT8_16,
    "MEAN": INT8_16,
    "MIRROR_PAD": INT8_16,
    "NOT_EQUAL": {"INT8": 2, "STRING": 3, "INT16": 4},
    "PACK": {"INT8": 2, "INT16": 3, "UINT32": 4},
    "RANGE": {"INT64": 2},
    "REDUCE_MAX": INT8_16,
    "REDUCE_MIN": INT8_16,
    "REDUCE_PROD": {"INT8": 2, "INT16": 2},
    "RELU": {"INT8": 2, "UINT8": 2, "INT16": 3},
    "RELU6": INT8_16,
    "REVERSE_V2": {"BOOL": 2, "INT8": 3},
    "RSQRT": INT8_16,
    "SELECT_V2": {"UINT32": 2},
    "SIGN": {"INT32": 2},
    "SIN": {"FLOAT16": 2},
    "SOFTMAX": {"INT8": 2, "INT16": 3, "FLOAT16": 4},
    "SPACE_TO_DEPTH": INT8,
    "SPLIT_V": INT8,
    "SQRT": {"INT8": 2, "INT16": 2},
    "SQUARED_DIFFERENCE": INT8,
    "SQUEEZE": {"STRING": 2},
    "SUM": INT8,
    "TANH": INT8_16,
    "TILE": {"STRING": 2, "INT8": 3},
    "TOPK_V2": {"INT8": 2, "INT16": 3},
    "UNPACK": {"INT8": 2, "UINT8": 2, "BOOL": 3, "INT16": 4, "FLOAT16": 5, "BFLOAT16": 5},
}


def needed_version(operator: Operator) -> int:
    """The lowest version that describes ``operator``; 1 for custom operators and unknown ones."""
    return _need(operator)[0]


def why_version(operator: Operator) -> str:
    """The feature for which ``operator`` needs its version, in words: 'a grouped convolution'."""
    return _need(operator)[1]


def _need(operator: Operator) -> Need:
    special = LAYERS.get(operator.kind) or ARITHMETIC_AND_MOVES.get(operator.kind)
    if special is not None:
        return special(operator)
    by_type = BY_FIRST_INPUT.get(operator.kind)
    return PLAIN if by_type is None else typed(operator.input(0), by_type)

"""The highest version of each operator that a compiler's parser accepts.

A file with a newer one is refused as a whole: ``Didn't find op for builtin opcode 'X' version 'N'``.
Source: LiteRT's ``runtime_version.cc`` (f67457790c of August 2026) up to TensorFlow 2.6, which is what
compiler 16.0 was built on by all evidence: it parses ADD 4 (2.6), refuses QUANTIZE 3 (2.7, edgetpu issue
879), CONV_2D 6 (2.9, issue 631), EXP 2 (2.12) and TRANSPOSE_CONV 4 (2.13, issue 845).  The wheel of
TensorFlow 2.6.5 registers REDUCE_PROD 1 and no BROADCAST_ARGS.
"""

from __future__ import annotations

from ..target import Target

# Operator -> highest version up to TensorFlow 2.6.
TENSORFLOW_2_6 = {
    "ABS": 4, "ADD": 4, "ADD_N": 1, "ARG_MAX": 2, "ARG_MIN": 2, "ASSIGN_VARIABLE": 1, "AVERAGE_POOL_2D": 3,
    "BATCH_MATMUL": 4, "BATCH_TO_SPACE_ND": 3, "BIDIRECTIONAL_SEQUENCE_LSTM": 3,
    "BIDIRECTIONAL_SEQUENCE_RNN": 3, "BROADCAST_TO": 3, "CALL_ONCE": 1, "CAST": 1, "CEIL": 1,
    "COMPLEX_ABS": 1, "CONCATENATION": 3, "CONV_2D": 5, "CONV_3D": 1, "CONV_3D_TRANSPOSE": 1, "COS": 1,
    "CUMSUM": 1, "DENSIFY": 1, "DEPTHWISE_CONV_2D": 6, "DEPTH_TO_SPACE": 2, "DEQUANTIZE": 4, "DIV": 2,
    "ELU": 1, "EMBEDDING_LOOKUP": 3, "EMBEDDING_LOOKUP_SPARSE": 1, "EQUAL": 3, "EXP": 1, "EXPAND_DIMS": 1,
    "FAKE_QUANT": 2, "FILL": 3, "FLOOR": 1, "FLOOR_DIV": 2, "FLOOR_MOD": 1, "FULLY_CONNECTED": 9,
    "GATHER": 5, "GATHER_ND": 3, "GREATER": 2, "GREATER_EQUAL": 2, "HARD_SWISH": 1, "HASHTABLE": 1,
    "HASHTABLE_FIND": 1, "HASHTABLE_IMPORT": 1, "HASHTABLE_LOOKUP": 1, "HASHTABLE_SIZE": 1, "IF": 1,
    "IMAG": 1, "L2_NORMALIZATION": 2, "L2_POOL_2D": 1, "LEAKY_RELU": 2, "LESS": 2, "LESS_EQUAL": 2,
    "LOCAL_RESPONSE_NORMALIZATION": 1, "LOG": 1, "LOGICAL_AND": 1, "LOGICAL_NOT": 1, "LOGICAL_OR": 1,
    "LOGISTIC": 3, "LOG_SOFTMAX": 2, "LSH_PROJECTION": 1, "LSTM": 4, "MATRIX_DIAG": 1,
    "MATRIX_SET_DIAG": 1, "MAXIMUM": 4, "MAX_POOL_2D": 3, "MEAN": 3, "MINIMUM": 4, "MIRROR_PAD": 2,
    "MUL": 5, "NEG": 1, "NON_MAX_SUPPRESSION_V4": 1, "NON_MAX_SUPPRESSION_V5": 1, "NOT_EQUAL": 3,
    "ONE_HOT": 1, "PACK": 3, "PAD": 4, "PADV2": 4, "POW": 1, "PRELU": 1, "QUANTIZE": 2, "RANGE": 1,
    "RANK": 1, "READ_VARIABLE": 1, "REAL": 1, "REDUCE_ALL": 1, "REDUCE_ANY": 1, "REDUCE_MAX": 3,
    "REDUCE_MIN": 3, "REDUCE_PROD": 1, "RELU": 3, "RELU6": 3, "RELU_N1_TO_1": 1, "RESHAPE": 1,
    "RESIZE_BILINEAR": 4, "RESIZE_NEAREST_NEIGHBOR": 4, "REVERSE_SEQUENCE": 1, "REVERSE_V2": 3,
    "RFFT2D": 1, "RNN": 3, "ROUND": 1, "RSQRT": 2, "SCATTER_ND": 1, "SEGMENT_SUM": 1, "SELECT": 2,
    "SELECT_V2": 1, "SHAPE": 1, "SIN": 1, "SKIP_GRAM": 1, "SLICE": 5, "SOFTMAX": 3, "SPACE_TO_BATCH_ND": 3,
    "SPACE_TO_DEPTH": 2, "SPARSE_TO_DENSE": 3, "SPLIT": 4, "SPLIT_V": 2, "SQRT": 1, "SQUARE": 1,
    "SQUARED_DIFFERENCE": 2, "SQUEEZE": 2, "STRIDED_SLICE": 6, "SUB": 5, "SUM": 2, "SVDF": 4, "TANH": 3,
    "TILE": 2, "TOPK_V2": 2, "TRANSPOSE": 5, "TRANSPOSE_CONV": 3, "UNIDIRECTIONAL_SEQUENCE_LSTM": 3,
    "UNIDIRECTIONAL_SEQUENCE_RNN": 3, "UNIQUE": 1, "UNPACK": 4, "VAR_HANDLE": 1, "WHERE": 1, "WHILE": 1,
    "ZEROS_LIKE": 1,
}  # fmt: skip

# Release of TensorFlow -> the operators whose version above came with it.
BROUGHT_BY = {
    (2, 4): frozenset((
        "CONV_2D", "CUMSUM", "MEAN", "RESIZE_NEAREST_NEIGHBOR", "SUB", "TRANSPOSE",
    )),
    (2, 5): frozenset((
        "BATCH_MATMUL", "BROADCAST_TO", "CALL_ONCE", "COMPLEX_ABS", "CONV_3D", "DEPTH_TO_SPACE", "FILL",
        "GATHER", "GATHER_ND", "HASHTABLE", "HASHTABLE_FIND", "HASHTABLE_IMPORT", "HASHTABLE_SIZE", "IMAG",
        "REAL", "REDUCE_MAX", "REDUCE_MIN", "RELU", "RELU6", "RESIZE_BILINEAR", "REVERSE_V2", "RFFT2D", "RSQRT",
        "SLICE", "SQUARED_DIFFERENCE", "SQUEEZE",
    )),
    (2, 6): frozenset((
        "ABS", "ADD", "ASSIGN_VARIABLE", "CONV_3D_TRANSPOSE", "MUL", "PAD", "PADV2", "READ_VARIABLE",
        "REDUCE_ALL", "STRIDED_SLICE", "VAR_HANDLE",
    )),
}  # fmt: skip

# Compiler -> release of TensorFlow that was being made when it was built: no later one can be in it. What they
# refused fits: 15.0 REVERSE_V2 3 (edgetpu issue 340), 14.1 CONV_2D 5 (issue 210).
BUILT_DURING = {(2, 1): (2, 2), (14, 1): (2, 3), (15, 0): (2, 4)}

# What a compiler was seen to refuse below that. Source: edgetpu issues 114 and 147.
REFUSED = {(2, 1): {"RESIZE_NEAREST_NEIGHBOR": 3, "TRANSPOSE_CONV": 3}}

# First builtin code that the parser of 16.0 does not know: "Op builtin_code out of range" (issues 667, 818).
FIRST_UNKNOWN_CODE = 150

# Operator -> version beyond TensorFlow 2.6 -> release that brought it (2.20 and later as LiteRT counts them).
NEWER = {
    "ABS": {5: "2.12"}, "ADD": {5: "2.13", 6: "2.23"}, "ARG_MAX": {3: "2.9"}, "ARG_MIN": {3: "2.9"},
    "BATCH_TO_SPACE_ND": {4: "2.12"}, "BROADCAST_TO": {4: "2.23"},
    "CAST": {2: "2.7", 3: "2.8", 4: "2.9", 5: "2.12", 6: "2.15", 7: "2.17", 8: "2.21", 9: "2.23"},
    "CONCATENATION": {4: "2.14", 5: "2.21", 6: "2.23", 7: "2.23"},
    "CONV_2D": {6: "2.9", 7: "2.11", 8: "2.15"}, "COS": {2: "2.23"}, "DEPTHWISE_CONV_2D": {7: "2.11"},
    "DEQUANTIZE": {5: "2.7", 6: "2.18", 7: "2.21", 8: "2.22", 9: "2.23"},
    "EMBEDDING_LOOKUP": {4: "2.18", 5: "2.21"}, "EQUAL": {4: "2.13", 5: "2.21"}, "EXP": {2: "2.12"},
    "FILL": {4: "2.12", 5: "2.23"}, "FLOOR_DIV": {3: "2.13"}, "FLOOR_MOD": {2: "2.13"},
    "FULLY_CONNECTED": {10: "2.11", 11: "2.15", 12: "2.17", 13: "2.18", 14: "2.21"},
    "GATHER": {6: "2.13", 7: "2.15", 8: "2.23"}, "GATHER_ND": {4: "2.13", 5: "2.16", 6: "2.23"},
    "GREATER_EQUAL": {3: "2.13"}, "LESS": {3: "2.13"}, "LOG": {2: "2.15"}, "MIRROR_PAD": {3: "2.12"},
    "MUL": {6: "2.11", 7: "2.13", 8: "2.23"}, "NOT_EQUAL": {4: "2.21"}, "PACK": {4: "2.13", 5: "2.23"},
    "PAD": {5: "2.20", 6: "2.23"}, "PADV2": {5: "2.20", 6: "2.23"},
    "QUANTIZE": {3: "2.7", 4: "2.21", 5: "2.21", 6: "2.21"}, "RANGE": {2: "2.14"},
    "REDUCE_PROD": {2: "2.7"}, "REVERSE_V2": {4: "2.23"}, "RSQRT": {3: "2.15"},
    "SELECT": {3: "2.12", 4: "2.12"}, "SELECT_V2": {2: "2.12"}, "SIN": {2: "2.23"},
    "SLICE": {6: "2.14", 7: "2.21", 8: "2.23"}, "SOFTMAX": {4: "2.23"}, "SPACE_TO_BATCH_ND": {4: "2.12"},
    "SPLIT": {5: "2.23"}, "SPLIT_V": {3: "2.23"}, "SQRT": {2: "2.21"}, "STRIDED_SLICE": {7: "2.14", 8: "2.14"},
    "TILE": {3: "2.8"}, "TOPK_V2": {3: "2.13"}, "TRANSPOSE": {6: "2.12", 7: "2.14", 8: "2.22", 9: "2.23"},
    "TRANSPOSE_CONV": {4: "2.13", 5: "2.15"}, "UNIDIRECTIONAL_SEQUENCE_LSTM": {4: "2.12"},
    "UNPACK": {5: "2.22", 6: "2.23"}, "WHERE": {2: "2.8"},
}  # fmt: skip

# Operators that came after TensorFlow 2.6 -> release. STABLEHLO_* came with 2.15 to 2.17.
NEW_OPERATORS = {
    "ATAN2": "2.10", "BITCAST": "2.13", "BITWISE_XOR": "2.13", "BROADCAST_ARGS": "2.7", "BUCKETIZE": "2.8",
    "DILATE": "2.15", "DYNAMIC_UPDATE_SLICE": "2.9", "GELU": "2.9", "MULTINOMIAL": "2.8",
    "RANDOM_STANDARD_NORMAL": "2.8", "RANDOM_UNIFORM": "2.8", "REDUCE_WINDOW": "2.15",
    "RELU_0_TO_1": "2.10", "RIGHT_SHIFT": "2.13", "SIGN": "2.11", "UNSORTED_SEGMENT_MAX": "2.10",
    "UNSORTED_SEGMENT_MIN": "2.11", "UNSORTED_SEGMENT_PROD": "2.10", "UNSORTED_SEGMENT_SUM": "2.10",
}  # fmt: skip


def parser_limit(kind: str, target: Target) -> int | None:
    """The highest version of ``kind`` that the compiler parses, ``None`` where it does not know the operator."""
    limit = TENSORFLOW_2_6.get(kind, 0)
    built_during = BUILT_DURING.get(target.compiler, (2, 6))
    if any(kind in kinds for release, kinds in BROUGHT_BY.items() if release > built_during):
        limit -= 1
    refused = REFUSED.get(target.compiler, {}).get(kind)
    if refused is not None:
        limit = min(limit, refused - 1)
    return limit or None


def known_to(kind: str, builtin_code: int, version: int, target: Target) -> bool:
    """Whether the compiler parses a file that has this operator in this version."""
    if kind == "CUSTOM":
        return True
    limit = parser_limit(kind, target)
    return builtin_code < FIRST_UNKNOWN_CODE and limit is not None and version <= limit


def introduced_in(kind: str, version: int) -> str | None:
    """The TensorFlow release that brought an operator's version, ``None`` where it is not known or older
    than 2.6.
    """
    if kind.startswith("STABLEHLO_"):
        return "2.15"
    return NEW_OPERATORS.get(kind) or NEWER.get(kind, {}).get(version)


def newest_known(kind: str) -> int:
    """The highest version of ``kind`` that is known here (LiteRT of August 2026); 0 for unknown operators."""
    return max((TENSORFLOW_2_6.get(kind, 0), *NEWER.get(kind, {})))

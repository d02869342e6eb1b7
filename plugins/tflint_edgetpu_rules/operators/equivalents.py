"""What to write instead of operators outside Coral's table.

The TensorFlow forms were converted with TensorFlow 2.21 to full int8 and gave the operators named behind
them; they compute the same function.
"""

from __future__ import annotations

_APPLICATION = "leave it to the application: make its input an output of the model"
_INTEGERS = "integer arithmetic on indices or shapes belongs into the application, or should be constant"

CURES = {
    "ABS": "tf.maximum(x, x * -1.0)   # MUL, MAXIMUM",
    "ADD_N": "x + y + z   # ADD, one by one",
    "ARG_MAX": f"{_APPLICATION}, then numpy.argmax",
    "ARG_MIN": f"{_APPLICATION}, then numpy.argmin",
    "BROADCAST_TO": "x + tf.zeros(shape)   # ADD broadcasts",
    "CAST": _INTEGERS,
    "CUMSUM": "a dense layer or a convolution with a constant triangle of ones",
    "DEPTH_TO_SPACE": "layers.Conv2DTranspose(filters, 2, strides=2) trained in its place",
    "DIV": "x * (1 / c) for a constant c   # MUL\n"
    "x * tf.math.rsqrt(y) ** 2 for a positive tensor y   # RSQRT, MUL",
    "EMBEDDING_LOOKUP": _APPLICATION,
    "EQUAL": "comparisons have no operator: tf.maximum, tf.minimum or a steep tf.sigmoid",
    "EXP": "softplus and mish need it: train with SiLU, x * tf.sigmoid(x), or ReLU6   # LOGISTIC, MUL",
    "FLOOR": _APPLICATION,
    "GATHER": "slices, x[:, a:b], where the indices are constants   # STRIDED_SLICE",
    "GATHER_ND": "slices where the indices are constants   # STRIDED_SLICE",
    "GREATER": "comparisons have no operator: tf.maximum, tf.minimum or a steep tf.sigmoid",
    "L2_POOL_2D": "y = tf.nn.avg_pool2d(x * x, ...); y * tf.math.rsqrt(y)   # MUL, AVERAGE_POOL_2D, RSQRT",
    "LESS": "comparisons have no operator: tf.maximum, tf.minimum or a steep tf.sigmoid",
    "LOCAL_RESPONSE_NORMALIZATION": "layers.BatchNormalization(), which is folded into the convolution",
    "LOG": _APPLICATION,
    "MIRROR_PAD": "tf.pad(x, paddings)   # PAD: zeros at the border, fine-tune",
    "NEG": "0.0 - x   # SUB",
    "NON_MAX_SUPPRESSION_V4": "export without NMS and do it in the application",
    "NON_MAX_SUPPRESSION_V5": "export without NMS and do it in the application",
    "ONE_HOT": _APPLICATION,
    "POW": "x * x for a square   # MUL; x * tf.math.rsqrt(x) for a root   # RSQRT, MUL",
    "REDUCE_PROD": _INTEGERS,
    "RELU_0_TO_1": "tf.minimum(tf.nn.relu(x), 1.0)   # RELU, MINIMUM",
    "REVERSE_V2": "mirror the data in the application",
    "SELECT": "arithmetic with a mask, or tf.maximum and tf.minimum",
    "SELECT_V2": "arithmetic with a mask, or tf.maximum and tf.minimum",
    "SHAPE": "fix the input shape before converting: the shape is then a constant",
    "SPLIT_V": "slices, x[..., a:b]   # STRIDED_SLICE",
    "SQRT": "x * tf.math.rsqrt(x)   # RSQRT, MUL",
    "SQUARE": "x * x   # MUL",
    "TILE": "x + tf.zeros(shape)   # ADD broadcasts",
    "TOPK_V2": f"{_APPLICATION}, then numpy.argpartition",
    "TRANSPOSE": "a compiler before 16.0 has no TRANSPOSE: use 16.0, or convert to channels-last",
    "UNPACK": "tf.split and tf.squeeze   # SPLIT, RESHAPE",
    "WHERE": _APPLICATION,
}


def cure(kind: str) -> str:
    unknown = f"no equivalent is known: rewrite the layer with operators of Coral's table, or {_APPLICATION}"
    return CURES.get(kind, unknown)

"""Operator versions that the parser accepts and the Edge TPU does not take, and those seen mapped.

A version stands in the table of operator codes: one entry serves all operators of that kind, and the
converter writes the highest version any of them needs.
"""

from __future__ import annotations

from ...model.graph import Operator
from .constraint import Facts, Grey, Seen, Status, constraint, guess, measured
from .evidence import Case

# Highest version of each operator that was seen on the Edge TPU, in compiled models or public logs.
SEEN_MAPPED = {
    "ADD": 2, "AVERAGE_POOL_2D": 2, "CONCATENATION": 2, "CONV_2D": 3, "DEPTHWISE_CONV_2D": 3,
    "FULLY_CONNECTED": 4, "L2_NORMALIZATION": 2, "LOGISTIC": 2, "MAXIMUM": 2, "MAX_POOL_2D": 2, "MEAN": 2,
    "MINIMUM": 2, "MUL": 2, "PACK": 2, "PAD": 2, "PRELU": 1, "QUANTIZE": 2, "RELU": 2, "RESHAPE": 1,
    "RESIZE_BILINEAR": 3, "RESIZE_NEAREST_NEIGHBOR": 3, "RSQRT": 2, "SLICE": 2, "SOFTMAX": 2, "SPLIT": 2,
    "SQUARED_DIFFERENCE": 2, "STRIDED_SLICE": 2, "SUB": 2, "SUM": 2, "TANH": 2, "TRANSPOSE": 2,
    "TRANSPOSE_CONV": 1, "UNIDIRECTIONAL_SEQUENCE_LSTM": 1,
}  # fmt: skip

# Versions that came with TensorFlow 2.6: compiler 16.0 reads them. Source: LiteRT,
# tflite/converter/tools/versioning/runtime_version.cc.
FROM_TF_2_6 = {"ADD": 4, "MUL": 5, "PAD": 4, "STRIDED_SLICE": 6}

ADD_4 = (
    Case("ADD", False, ((1, 48, 48, 16),) * 2, ((1, 48, 48, 16),), "yolov10", "edward62740_yolov10n, 16.0, version 4"),
    Case("ADD", True, ((1, 160, 160, 16),) * 2, ((1, 160, 160, 16),), "ultralytics_dfl_head",
         "MRezqalla_yolov8n, 16.0, version 2"),
)  # fmt: skip


@constraint(
    "ADD",
    status=Status.VERSION,
    source=measured(
        "edward62740_yolov10n: 12 int8 and 3 int64 ADDs share version 4; 473 of 492 operators stay on the CPU"
    ),
    cases=ADD_4,
)
def add_is_version_3_or_lower(operator: Operator, facts: Facts) -> Seen:
    """ADD is version 3 or lower. A single int64 ADD in the file (index arithmetic of a top-k or NMS head)
    makes the shared operator code version 4, and with it every int8 ADD."""
    if operator.version < FROM_TF_2_6["ADD"]:
        return None
    if not facts.knows(ADD_4[:1]):
        return None
    return f"version {operator.version}"


@constraint(
    *(kind for kind in FROM_TF_2_6 if kind != "ADD"),
    status=Status.VERSION,
    source=guess("by analogy with ADD version 4, which came with the same release of TensorFlow"),
)
def version_is_older_than_tensorflow_2_6(operator: Operator, facts: Facts) -> Seen:
    """The operator's version existed before TensorFlow 2.6: compiler 16.0 reads newer ones and leaves them
    on the CPU."""
    if operator.version < FROM_TF_2_6[operator.kind]:
        return None
    return Grey(f"version {operator.version} came with TensorFlow 2.6", refused=True)


@constraint(
    "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR",
    status=Status.VERSION,
    source=measured("google-coral/edgetpu issues 187, 396 and 420; rows of five public logs of 14.1 and 15.0"),
    until=(15, 99),
    cases=(
        Case("RESIZE_NEAREST_NEIGHBOR", False, ((1, 13, 13, 256),), ((1, 26, 26, 256),), "yolov3",
             "tensorflow issue 42024, yolov3 416 px, 14.1, version 3"),
        Case("RESIZE_NEAREST_NEIGHBOR", True, ((1, 20, 20, 64),), ((1, 40, 40, 64),), "yunet",
             "pperonski_face_detection_yunet, 16.0, version 3"),
    ),
)  # fmt: skip
def resize_is_version_2_or_lower(operator: Operator, facts: Facts) -> str | None:
    """Up to compiler 15.0, RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR are version 2 or lower: neither
    half_pixel_centers nor, for nearest, align_corners. 16.0 takes version 3."""
    return f"version {operator.version}" if operator.version >= 3 else None


@constraint(
    *SEEN_MAPPED,
    status=Status.VERSION,
    source=guess("versions seen mapped in compiled models and public logs"),
)
def version_was_seen_mapped(operator: Operator, facts: Facts) -> Seen:
    """The operator's version is one that was seen on the Edge TPU. A higher one that the parser accepts is
    predicted to map, without proof."""
    highest = SEEN_MAPPED[operator.kind]
    if operator.version <= highest:
        return None
    return Grey(f"version {operator.version}, the highest seen mapped is {highest}", refused=False)


CONSTRAINTS = (
    add_is_version_3_or_lower,
    version_is_older_than_tensorflow_2_6,
    resize_is_version_2_or_lower,
    version_was_seen_mapped,
)

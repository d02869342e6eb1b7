"""A small detector for cases: a convolution, two heads, and TFLite_Detection_PostProcess."""

from __future__ import annotations

from collections.abc import Sequence

from .builder import ModelBuilder
from .flexbuffers import postprocess_options

ROLES = ("boxes", "classes", "scores", "count")


def detector(
    m: ModelBuilder,
    *,
    order: Sequence[str] = ROLES,
    quantized: bool = False,
    classes: int = 4,
    columns: int | None = None,
    max_detections: int = 10,
    score_threshold: float = 0.3,
    class_scale: float = 0.02,
    score_scale: float = 0.003,
    anchors: int = 64,
    regular: bool = False,
) -> None:
    """Fill ``m``. ``quantized`` appends float -> int8 -> uint8 chains to the outputs, as a uint8 output
    type does; ``columns`` of class scores are one more than ``classes`` unless given; ``regular`` is the
    suppression once for each class.
    """
    columns = classes + 1 if columns is None else columns
    x = m.conv2d(m.input((1, 16, 16, 3), name="image"), 8, stride=2)
    boxes = m.reshape(m.conv2d(x, 4, 1), (1, 64, 4))
    scores = m.reshape(m.conv2d(x, columns, 1), (1, 64, columns))
    table = m.tensor((anchors, 4), "FLOAT32", data=0.5, name="anchors")
    shapes = {"boxes": (1, max_detections, 4), "classes": (1, max_detections), "scores": (1, max_detections)}
    found = [m.tensor(shapes.get(role, (1,)), "FLOAT32", name=role) for role in ROLES]
    m.op(
        "CUSTOM", [m.dequantize(boxes), m.dequantize(scores), table], found,
        custom_code="TFLite_Detection_PostProcess",
        custom_options=postprocess_options(
            max_detections=max_detections, max_classes_per_detection=1, num_classes=classes,
            nms_score_threshold=score_threshold, nms_iou_threshold=0.6, use_regular_nms=regular,
        ),
    )  # fmt: skip
    by_role = dict(zip(ROLES, found, strict=True))
    if quantized:
        scales = {"boxes": 1 / 255, "classes": class_scale, "scores": score_scale, "count": 0.04}
        for role, index in by_role.items():
            inner = m.quantize(index, scale=scales[role], zero_point=-128)
            by_role[role] = m.quantize(inner, "UINT8", scale=scales[role], name=f"{role}_uint8")
    m.output(*(by_role[role] for role in order))

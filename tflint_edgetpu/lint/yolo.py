"""Raw heads of YOLO models, told by shape: [1, 4 + classes, boxes] and its relatives.

Layouts: YOLOv8 and later, without objectness, channels first or last; YOLOv5 and v7 with an objectness,
[1, boxes, 5 + classes].  Sources: Ultralytics' documentation of exports, user reports.
"""

from __future__ import annotations

from typing import NamedTuple

from ..model.graph import Subgraph, Tensor

# Cells of three feature maps with strides 8, 16 and 32 over an image: one box a cell (v8) or three (v5).
STRIDES = (8, 16, 32)


class YoloHead(NamedTuple):
    """A raw head: ``channels`` along ``axis``, ``boxes`` candidates."""

    tensor: Tensor
    layout: str  # [1, 4 + classes, boxes] ...
    channels: int
    boxes: int
    anchors_per_cell: int


def find_yolo_head(graph: Subgraph) -> YoloHead | None:
    """The raw head of a one-input model, ``None`` where no output has its shape.

    The number of boxes must be exactly what the three strides give for the input's size: nothing but a
    YOLO has such a number.
    """
    image = next((t for t in graph.inputs if len(t.shape) == 4), None)
    if image is None:
        return None
    height, width = _image_size(image.shape)
    cells = sum((height // stride) * (width // stride) for stride in STRIDES)
    if not cells:
        return None
    for tensor in graph.outputs:
        sizes = [size for size in tensor.shape if size != 1]
        if len(sizes) != 2 or len(tensor.shape) != 3:
            continue
        for axis in (0, 1):
            boxes, channels = sizes[axis], sizes[1 - axis]
            for anchors in (1, 3):
                if boxes == anchors * cells and channels >= 5:
                    return YoloHead(tensor, _layout(axis, anchors), channels, boxes, anchors)
    return None


def _image_size(shape: tuple[int, ...]) -> tuple[int, int]:
    """Height and width, channels last or first."""
    return (shape[1], shape[2]) if shape[3] <= 4 or shape[1] > 4 else (shape[2], shape[3])


def _layout(axis: int, anchors: int) -> str:
    channels = "4 + classes" if anchors == 1 else "5 + classes"
    return f"[1, boxes, {channels}]" if axis == 0 else f"[1, {channels}, boxes]"

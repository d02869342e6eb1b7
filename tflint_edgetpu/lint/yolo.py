"""Raw heads of YOLO models, told by shape: [1, 4 + classes, boxes] and its relatives.

Layouts: YOLOv8 and later, without objectness, channels first; YOLOv5 and v7 with an objectness,
[1, boxes, 5 + classes]; YOLOX like those, with one box a cell.  Sources: Ultralytics' documentation of
exports, user reports, seven models of Ultralytics.
"""

from __future__ import annotations

from ..model.graph import Subgraph, Tensor
from ..model.record import NamedTuple

# Strides of the feature maps: tiny models have two, those for large pictures four. The number of boxes is
# the number of cells (v8, YOLOX) or three times that (v3, v5, v7).
STRIDES = ((8, 16, 32), (16, 32), (8, 16, 32, 64))


class YoloHead(NamedTuple):
    """A raw head: ``channels`` numbers for each of ``boxes`` candidates."""

    tensor: Tensor
    layout: str  # [1, 4 + classes, boxes] ...
    channels: int
    boxes: int
    channels_first: bool
    objectness: bool | None  # None: the shape fits both

    @property
    def most_classes(self) -> int:
        """Classes if every channel behind the box (and the objectness) is one."""
        return self.channels - (5 if self.objectness else 4)


def find_yolo_head(graph: Subgraph) -> YoloHead | None:
    """The raw head of a model with one picture as input, ``None`` where no output has its shape.

    The number of boxes must be exactly what the strides give for the input's size: hardly anything but a
    YOLO has such a number.
    """
    image = next((t for t in graph.inputs if len(t.shape) == 4), None)
    if image is None:
        return None
    height, width = _image_size(image.shape)
    counts: dict[int, bool] = {}
    for strides in STRIDES:
        cells = sum((height // stride) * (width // stride) for stride in strides)
        counts.setdefault(cells, False)
        counts.setdefault(3 * cells, True)
    for tensor in graph.outputs:
        if len(tensor.shape) != 3 or tensor.shape[0] > 1:
            continue
        for axis in (1, 2):
            boxes, channels = tensor.shape[axis], tensor.shape[3 - axis]
            if boxes > channels >= 5 and boxes in counts:
                return _head(tensor, channels, boxes, channels_first=axis == 2, anchored=counts[boxes])
    return None


def _head(tensor: Tensor, channels: int, boxes: int, *, channels_first: bool, anchored: bool) -> YoloHead:
    objectness = True if anchored else False if channels_first else None
    fixed = "5" if objectness else "4" if objectness is False else "4 or 5"
    numbers = f"{fixed} + classes"
    layout = f"[1, {numbers}, boxes]" if channels_first else f"[1, boxes, {numbers}]"
    return YoloHead(tensor, layout, channels, boxes, channels_first, objectness)


def _image_size(shape: tuple[int, ...]) -> tuple[int, int]:
    """Height and width, channels last or first."""
    return (shape[1], shape[2]) if shape[3] <= 4 or shape[1] > 4 else (shape[2], shape[3])

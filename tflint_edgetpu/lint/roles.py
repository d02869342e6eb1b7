"""What each output of a model is: detections, probabilities, a mask ...

Certain where the operator that makes it has fixed outputs; else a guess, from the last operator that
computes and from the shape.
"""

from __future__ import annotations

from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator, Tensor
from ..model.record import NamedTuple
from .conversion import LIMITS, affine, is_channels_first, is_image, real_range
from .detection import find_detection
from .yolo import YoloHead, find_yolo_head

POSENET = "PosenetDecoderOp"
# Output slots. Source: posenet_decoder_op.cc of google-coral/project-posenet.
POSENET_SLOTS = ("keypoints", "keypoint scores", "pose scores", "pose count", "instance masks")
# Operators that only move or convert: what stands before them decides.
MOVES = frozenset(("QUANTIZE", "DEQUANTIZE", "RESHAPE", "SQUEEZE", "EXPAND_DIMS", "CAST"))
MOST_MOVES = 8  # a damaged file may go round in circles
CONVOLUTIONS = frozenset(("CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "RESIZE_BILINEAR",
                          "RESIZE_NEAREST_NEIGHBOR"))  # fmt: skip
# The scale that SOFTMAX and LOGISTIC always have. Source: TFLite's 8-bit quantization specification.
SHARE_SCALE = 1 / 256
# Detectors have hundreds of anchors; few other models have two outputs of that many rows.
FEWEST_ANCHORS = 100
NOTES = {
    "boxes": "rows of ymin, xmin, ymax, xmax in 0..1: times height, width of the picture",
    "classes": "class numbers from 0 on, the background not counted",
    "scores": "0..1, the best first",
    "count": "that many rows are detections, those behind them mean nothing",
}


class Role(NamedTuple):
    word: str  # boxes, probabilities, mask ...
    certainty: str  # documented, measured or guess
    note: str  # what an application has to know; may be empty


def output_roles(model: Model, dataflow: Dataflow) -> dict[Tensor, Role]:
    """The roles of the outputs of the main subgraph, as far as they can be known."""
    roles: dict[Tensor, Role] = {}
    detection = find_detection(model, dataflow)
    if detection is not None:
        for output in detection.outputs:
            roles[output.tensor] = Role(output.role, "documented", NOTES.get(output.role, ""))
    head = find_yolo_head(model.main)
    if head is not None and head.tensor not in roles:
        roles[head.tensor] = Role("raw YOLO", "measured", yolo_note(head))
    roles = roles or _raw_detections(model.main.outputs)
    image = next((tensor for tensor in model.main.inputs if is_image(tensor)), None)
    for tensor in model.main.outputs:
        if tensor not in roles:
            role = _guessed(tensor, dataflow, image)
            if role is not None:
                roles[tensor] = role
    return roles


def _raw_detections(outputs: tuple[Tensor, ...]) -> dict[Tensor, Role]:
    """The two heads of a detector without its postprocess: [1, n, 4] and [1, n, classes]."""
    if len(outputs) != 2 or any(len(t.shape) != 3 or t.shape[0] > 1 for t in outputs):
        return {}
    boxes, scores = sorted(outputs, key=lambda tensor: tensor.shape[2] != 4)
    if boxes.shape[2] != 4 or scores.shape[1] != boxes.shape[1] or boxes.shape[1] < FEWEST_ANCHORS:
        return {}
    note = "one row for each anchor, not yet decoded and suppressed"
    return {boxes: Role("raw boxes", "guess", note), scores: Role("raw scores", "guess", note)}


def yolo_note(head: YoloHead) -> str:
    """The layout, and the unit of the coordinates where the range of the integers tells it."""
    span = real_range(head.tensor)
    unit = "" if span is None else " as shares of the picture" if span[1] <= 2 else " in pixels"
    return f"{head.layout}; boxes are cx, cy, w, h{unit}, not yet suppressed"


def _guessed(tensor: Tensor, dataflow: Dataflow, image: Tensor | None) -> Role | None:
    at, producer = tensor, dataflow.producer(tensor)
    for _ in range(MOST_MOVES):
        source = producer.input(0) if producer is not None and producer.kind in MOVES else None
        if source is None:
            break
        at, producer = source, dataflow.producer(source)
    if producer is not None and producer.custom_code == POSENET:
        words = [w for w, made in zip(POSENET_SLOTS, producer.outputs, strict=False) if made is at]
        return Role(words[0], "documented", "") if words else None
    pixels = image is not None and _covers(tensor, image)
    return _of_operator(producer, tensor, pixels) or _of_scale(tensor)


def _of_operator(producer: Operator | None, tensor: Tensor, pixels: bool) -> Role | None:
    kind = producer.kind if producer is not None else ""
    if kind == "SOFTMAX":
        each = " for each pixel" if pixels else " along the last axis" if len(tensor.shape) > 2 else ""
        return Role("mask" if pixels else "probabilities", "guess", f"SOFTMAX{each}: adds up to 1")
    if kind == "LOGISTIC":
        return Role("mask" if pixels else "probabilities", "guess", "LOGISTIC: each value for itself in 0..1")
    if kind in ("ARG_MAX", "ARG_MIN"):
        if pixels:
            return Role("mask", "guess", "the number of the class of each pixel")
        return Role("class index", "guess", "the number of a class, not a probability")
    if kind == "L2_NORMALIZATION":
        return Role("embedding", "guess", "a vector of length 1: compare by dot product")
    if kind == "FULLY_CONNECTED" and producer is not None:
        if producer.option("fused_activation_function", "NONE") != "NONE":
            return Role("features", "guess", "")
        return Role("logits or values", "guess", "no activation behind the last dense layer")
    if kind in ("MEAN", "AVERAGE_POOL_2D") and tensor.elements == max(tensor.shape, default=0) > 1:
        return Role("features", "guess", "pooled features: there is no classifier behind them")
    if pixels and kind in CONVOLUTIONS:
        return Role("pixel values", "guess", "one for each pixel and channel")
    return Role("feature map", "guess", "") if kind in CONVOLUTIONS and _is_map(tensor) else None


def _of_scale(tensor: Tensor) -> Role | None:
    """In a compiled file the operator cannot be seen, the scale that only two operators have can."""
    parameters = affine(tensor)
    if parameters is None or tensor.dtype not in ("INT8", "UINT8") or len(tensor.shape) > 2:
        return None
    if parameters == (SHARE_SCALE, LIMITS[tensor.dtype][0]):
        return Role("probabilities", "guess", "scale 1/256, which SOFTMAX and LOGISTIC have")
    return None


def _is_map(tensor: Tensor) -> bool:
    return len(tensor.shape) == 4 and min(tensor.shape[1:3]) > 1


def _covers(tensor: Tensor, image: Tensor) -> bool:
    """Whether ``tensor`` has a value for each pixel of the picture."""
    size = image.shape[2:] if is_channels_first(image) else image.shape[1:3]
    return len(tensor.shape) in (3, 4) and tensor.shape[1:3] == size

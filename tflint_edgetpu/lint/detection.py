"""What a detector gives to the application: the postprocess, and which output is which.

``TFLite_Detection_PostProcess`` has four outputs in fixed slots: boxes, classes, scores, count.  In which
order they are the model's outputs is the converter's choice, and names tell nothing: only the slot does.
Source: ``tensorflow/lite/kernels/detection_postprocess.cc``.
"""

from __future__ import annotations

from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator, Tensor
from ..model.record import NamedTuple
from .conversion import output_lines

POSTPROCESS = "TFLite_Detection_PostProcess"
SLOTS = ("boxes", "classes", "scores", "count")
# Changes of type between the postprocess and an output.
CASTS = frozenset(("QUANTIZE", "DEQUANTIZE", "CAST", "RESHAPE"))


class DetectionOptions(NamedTuple):
    """The options of the postprocess; ``None`` where the file does not say."""

    max_detections: int | None
    max_classes_per_detection: int | None
    detections_per_class: int | None
    num_classes: int | None
    nms_score_threshold: float | None
    nms_iou_threshold: float | None
    use_regular_nms: bool | None


class DetectionOutput(NamedTuple):
    """A model output that comes from the postprocess."""

    tensor: Tensor
    slot: int
    chain: tuple[Operator, ...]  # changes of type on the way, from the output back to the postprocess

    @property
    def role(self) -> str:
        return SLOTS[self.slot]


class Detection(NamedTuple):
    """The postprocess of a model with what is known of it."""

    postprocess: Operator
    outputs: tuple[DetectionOutput, ...]  # in the order of the model's outputs
    options: DetectionOptions

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(output.role for output in self.outputs)

    @property
    def anchors(self) -> int | None:
        """Number of anchor boxes."""
        boxes = self.postprocess.input(0)
        return boxes.shape[-2] if boxes is not None and len(boxes.shape) >= 2 else None


def find_detection(model: Model, dataflow: Dataflow) -> Detection | None:
    """The detection postprocess of ``model``, ``None`` where it has none."""
    for operator in dataflow.subgraph.operators:
        if operator.kind == "CUSTOM" and operator.custom_code == POSTPROCESS:
            return Detection(operator, _outputs(operator, dataflow), _options(model, operator))
    return None


def reading_lines(model: Model, detection: Detection) -> str:
    """Python that fetches every output of the postprocess by its position, named by its role."""
    position = {tensor: number for number, tensor in enumerate(model.main.outputs)}
    by_role = {output.role: output.tensor for output in reversed(detection.outputs)}
    return "\n".join(
        output_lines(tensor, position[tensor], role) for role, tensor in reversed(by_role.items())
    )


def _outputs(postprocess: Operator, dataflow: Dataflow) -> tuple[DetectionOutput, ...]:
    slots = {tensor: slot for slot, tensor in enumerate(postprocess.outputs[: len(SLOTS)])}
    found = []
    for tensor in dataflow.subgraph.outputs:
        chain: list[Operator] = []
        at = tensor
        # A damaged file may go round in circles: no honest chain has more than a handful of casts.
        while at not in slots and len(chain) < 8:
            producer = dataflow.producer(at)
            source = None if producer is None else producer.input(0)
            if producer is None or producer.kind not in CASTS or source is None:
                break
            chain.append(producer)
            at = source
        if at in slots:
            found.append(DetectionOutput(tensor, slots[at], tuple(chain)))
    return tuple(found)


def _options(model: Model, postprocess: Operator) -> DetectionOptions:
    values = model.custom_options(postprocess)
    if not isinstance(values, dict):
        values = {}

    def integer(name: str) -> int | None:
        value = values.get(name)
        return int(value) if isinstance(value, (int, float)) and abs(value) < 2**31 else None

    def number(name: str) -> float | None:
        value = values.get(name)
        return float(value) if isinstance(value, (int, float)) else None

    regular = values.get("use_regular_nms")
    return DetectionOptions(
        integer("max_detections"),
        integer("max_classes_per_detection"),
        integer("detections_per_class"),
        integer("num_classes"),
        number("nms_score_threshold"),
        number("nms_iou_threshold"),
        bool(regular) if regular is not None else None,
    )

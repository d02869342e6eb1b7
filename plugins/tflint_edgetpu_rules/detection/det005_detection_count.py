"""DET005 detection-count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Severity,
    Tensor,
    find_yolo_head,
    tensor_location,
)

# Frigate's two heads of a YOLO: 4 sides of a box with 16 bins each, and the classes, for each candidate.
# Source: frigate/detectors/plugins/edgetpu_tfl.py, model type yolo-generic, since 0.17.
BOX_BINS = 64
TWO_HEADS = (
    "Frigate 0.17 and later: export the YOLO without its decoding, with two outputs, boxes [1, N, 64] and "
    "class logits [1, N, classes], and set model_type: yolo-generic"
)
POSTPROCESS = (
    "TF2 Object Detection API: python object_detection/export_tflite_graph_tf2.py ..., then convert with\n"
    "converter.allow_custom_ops = True"
)
# Consumer -> what reads the outputs, what to do, and how.
CONSUMERS = {
    "frigate": (
        "Frigate",
        "Export the model with its postprocess, or a YOLO with two heads",
        f"{POSTPROCESS}\n{TWO_HEADS}",
    ),
    "pycoral": (
        "PyCoral's detect.get_objects",
        "Decode the output in the application, or export an SSD with its postprocess",
        POSTPROCESS,
    ),
}


class DetectionCount(Rule):
    """A model that does not give the four outputs its consumer reads.

    ## Why it matters
    PyCoral's `detect.get_objects` and Frigate's models of type `ssd` read four outputs: boxes, classes,
    scores, count. A classifier, a raw YOLO or a raw SSD head gives others; the program dies with an
    IndexError at the first picture. Since 0.17 Frigate also reads a YOLO with two heads.

    ## How to fix
    For an SSD: export with the postprocess (`export_tflite_graph_tf2.py`, `allow_custom_ops = True`). For a
    YOLO in Frigate 0.17 and later: export boxes [1, N, 64] and class logits [1, N, classes] and set
    `model_type: yolo-generic`. For a classifier use PyCoral's `classify` instead of `detect`.

    ## References
    - https://github.com/google-coral/pycoral/blob/master/pycoral/adapters/detect.py
    - https://github.com/blakeblackshear/frigate/blob/dev/frigate/detectors/plugins/edgetpu_tfl.py
    """

    meta = RuleMeta(
        "DET005", "detection-count", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://docs.frigate.video/configuration/object_detectors",), covers=("A003",),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        consumer = CONSUMERS.get(context.consumer or "")
        outputs = context.model.main.outputs
        if consumer is None or (context.detection is not None and len(outputs) == 4):
            return  # the order of four is DET004's
        head = find_yolo_head(context.model.main)
        if context.consumer == "frigate":
            if _has_two_heads(outputs) or _are_like_detections(outputs):
                return
        elif head is None and context.detection is None:
            return  # PyCoral runs classifiers and other models as well: only a detector has to have the four
        reader, title, how = consumer
        what = "a raw YOLO head" if head else "a postprocess" if context.detection else "no postprocess"
        yield self.finding(
            [tensor_location(tensor, "output") for tensor in outputs] or None,
            f"{reader} reads four outputs (boxes, classes, scores, count); this model has "
            f"{len(outputs)}, with {what}",
            cost="the program stops with an IndexError at the first picture"
            if len(outputs) < 4
            else "the program takes other tensors for detections",
            evidence={"outputs": len(outputs), "consumer": context.consumer},
            fix=Fix(title, how=how),
        )


def _has_two_heads(outputs: Sequence[Tensor]) -> bool:
    """Boxes as bins and classes, for the same candidates."""
    heads = [tensor.shape for tensor in outputs if len(tensor.shape) == 3 and tensor.shape[2] > 1]
    boxes = [shape for shape in heads if shape[2] == BOX_BINS]
    return len(outputs) in (2, 3) and len(heads) == 2 and bool(boxes) and heads[0][1] == heads[1][1]


def _are_like_detections(outputs: Sequence[Tensor]) -> bool:
    """Four outputs of which one is boxes, [1, n, 4]: some other operator may suppress overlaps."""
    return len(outputs) == 4 and any(len(t.shape) == 3 and t.shape[2] == 4 for t in outputs)

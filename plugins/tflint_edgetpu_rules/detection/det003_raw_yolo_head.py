"""DET003 raw-yolo-head."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Severity,
    YoloHead,
    find_yolo_head,
    output_lines,
    quoted,
    real_range,
    tensor_location,
)

if TYPE_CHECKING:
    from tflint_edgetpu.api import Labels


class RawYoloHead(Rule):
    """The raw output of a YOLO: candidates, not detections.

    ## Why it matters
    The output holds every candidate box. PyCoral's `detect.get_objects` and most sample programs expect four
    outputs of a detection postprocess and fail with an IndexError; Frigate reads YOLO models with two heads
    only (0.17 and later).

    ## How to fix
    Nothing is wrong with the model. In the application: dequantize, split boxes from class scores, keep what
    is above a threshold, then non-maximum suppression.

    ## References
    - https://docs.ultralytics.com/integrations/edge-tpu/
    - https://github.com/google-coral/pycoral/blob/master/pycoral/adapters/detect.py
    """

    meta = RuleMeta(
        "DET003", "raw-yolo-head", Severity.INFO, Certainty.MEASURED,
        references=("https://docs.ultralytics.com/integrations/edge-tpu/",), covers=("A006",),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        head = find_yolo_head(context.model.main)
        if head is None or context.consumer is not None:
            return  # with a consumer DET005 says it, as an error
        from tflint_edgetpu.api import find_labels

        labels = find_labels(context.model)
        yield self.finding(
            [tensor_location(head.tensor, "output")],
            f"output {quoted(head.tensor)} is a raw YOLO head, {head.layout}: {head.boxes:,} candidate boxes, "
            f"{_channels(head, labels)}",
            cost="the application itself decodes and suppresses overlaps; pycoral.adapters.detect cannot read it",
            evidence={
                "boxes": head.boxes,
                "channels": head.channels,
                "layout": head.layout,
                "labels": len(labels.names) if labels else None,
            },
            fix=Fix("Decode the candidates in the application", how=_decode(context, head)),
        )


def _channels(head: YoloHead, labels: Labels | None) -> str:
    """What the numbers of one candidate are, as far as the file tells."""
    if labels is None or len(labels.names) > head.most_classes:
        return f"{head.channels} numbers each (up to {head.most_classes} classes)"
    classes = len(labels.names)
    more = head.most_classes - classes
    if head.objectness is None and more == 1:
        return f"{head.channels} numbers each: box, objectness, {classes} classes"
    rest = f" and {more} more, such as keypoints or the coefficients of a mask" if more else ""
    return f"{head.channels} numbers each: box, {classes} classes{rest}"


def _decode(context: Context, head: YoloHead) -> str:
    rows = "y[0].T" if head.channels_first else "y[0]"
    scores = "rows[:, 4:5] * rows[:, 5:]   # objectness x classes" if head.objectness else "rows[:, 4:]"
    span = real_range(head.tensor)
    unit = "" if span is None else ": shares of the picture" if span[1] <= 2 else ": pixels of the input"
    return "\n".join(
        (
            output_lines(head.tensor, context.model.main.outputs.index(head.tensor), "y"),
            f"rows = {rows}   # one candidate a row",
            f"boxes = rows[:, :4]   # cx, cy, w, h{unit}",
            f"scores = {scores}",
            "keep = scores.max(axis=1) > 0.25   # then cv2.dnn.NMSBoxes or the like",
        )
    )

"""DET003 raw-yolo-head."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Rule,
    RuleMeta,
    Severity,
    find_yolo_head,
    tensor_location,
)


class RawYoloHead(Rule):
    """The raw output of a YOLO: candidates, not detections.

    ## Why it matters
    The output holds every candidate box. PyCoral's `detect.get_objects` and most sample programs expect four
    outputs of a detection postprocess and fail with an IndexError; Frigate reads YOLO heads of some versions
    only.

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
        fixed = 4 if head.anchors_per_cell == 1 else 5
        yield self.finding(
            [tensor_location(head.tensor, "output")],
            f"output '{head.tensor.name}' is a raw YOLO head, {head.layout}: {head.boxes:,} candidate boxes, "
            f"{head.channels} channels (up to {head.channels - fixed} classes)",
            cost="the application decodes and suppresses overlaps itself; pycoral.adapters.detect does not fit",
            evidence={"boxes": head.boxes, "channels": head.channels, "layout": head.layout},
        )

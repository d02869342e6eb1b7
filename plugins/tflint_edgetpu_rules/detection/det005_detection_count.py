"""DET005 detection-count."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Severity,
    find_yolo_head,
    tensor_location,
)


class DetectionCount(Rule):
    """A model that does not give the four outputs its consumer reads.

    ## Why it matters
    PyCoral's `detect.get_objects` and Frigate's `ssd` models read four outputs: boxes, classes, scores,
    count. A classifier, a raw YOLO or a raw SSD head gives others; the program dies with an IndexError at the
    first picture.

    ## How to fix
    For an SSD: export with the postprocess (`export_tflite_graph_tf2.py`, `allow_custom_ops = True`). For a
    YOLO in Frigate: set `model_type: yolo-generic`, where the version supports it. For a classifier use
    PyCoral's `classify` instead of `detect`.

    ## References
    - https://github.com/google-coral/pycoral/blob/master/pycoral/adapters/detect.py
    - https://docs.frigate.video/configuration/object_detectors
    """

    meta = RuleMeta(
        "DET005", "detection-count", Severity.ERROR, Certainty.DOCUMENTED,
        references=("https://docs.frigate.video/configuration/object_detectors",), covers=("A003",),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        outputs = context.model.main.outputs
        # PyCoral runs classifiers and other models as well: only for a detector's raw head it is an error.
        head = find_yolo_head(context.model.main)
        if context.consumer is None or (context.consumer == "pycoral" and head is None):
            return
        if len(outputs) == 4 and (context.detection is not None or context.is_compiled):
            return
        what = "a raw YOLO head" if head else "no detection postprocess"
        yield self.finding(
            [tensor_location(tensor, "output") for tensor in outputs] or None,
            f"{context.consumer} reads four outputs (boxes, classes, scores, count); this model has "
            f"{len(outputs)} and {what}",
            cost="the program stops with an IndexError at the first picture",
            evidence={"outputs": len(outputs), "consumer": context.consumer},
            fix=Fix(
                "Decode the head in the application" if head else "Export the model with its postprocess",
                how="Frigate: model_type: yolo-generic, where the version supports it"
                if head
                else "python object_detection/export_tflite_graph_tf2.py ...\nconverter.allow_custom_ops = True",
            ),
        )

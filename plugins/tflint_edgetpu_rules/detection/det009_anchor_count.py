"""DET009 anchor-count."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity, Tensor


class AnchorCount(Rule):
    """Boxes, class scores and anchors of a detection postprocess disagree about their number.

    ## Why it matters
    The postprocess decodes box i with anchor i and rates it with row i of the scores. With fewer scores the
    kernel fails when it runs; with fewer anchors it reads past their end, and boxes are garbage. It happens
    when a model is exported for another input size than the anchors were made for.

    ## How to fix
    Make the anchors for the size the model is exported with, and export again.

    ## References
    - https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/detection_postprocess.cc
    """

    meta = RuleMeta(
        "DET009", "anchor-count", Severity.ERROR, Certainty.DOCUMENTED,
        references=(
            "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/"
            "detection_postprocess.cc",
        ),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        detection = context.detection
        if detection is None:
            return
        boxes = _rows(detection.postprocess.input(0), 3)
        scores = _rows(detection.postprocess.input(1), 3)
        anchors = _rows(detection.postprocess.input(2), 2)
        if boxes is None or (scores in (None, boxes) and anchors in (None, boxes)):
            return
        yield self.finding(
            detection.postprocess,
            f"the postprocess gets {boxes:,} boxes, {_number(scores)} rows of class scores and "
            f"{_number(anchors)} anchors",
            cost="it fails when it runs, or decodes boxes with the wrong anchors",
            evidence={"boxes": boxes, "scores": scores, "anchors": anchors},
            fix=Fix("Make the anchors for the input size of this model, and export again"),
        )


def _rows(tensor: Tensor | None, rank: int) -> int | None:
    """Boxes a tensor speaks of: [1, boxes, n] or, for anchors, [boxes, 4]."""
    if tensor is None or len(tensor.shape) != rank or tensor.is_dynamic:
        return None
    return tensor.shape[-2]


def _number(count: int | None) -> str:
    return "an unknown number of" if count is None else f"{count:,}"

"""DET008 label-count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Model,
    Rule,
    RuleMeta,
    Severity,
    Tensor,
    counted,
    find_yolo_head,
    shortened,
    tensor_location,
)

if TYPE_CHECKING:
    from tflint_edgetpu.api import Labels

# The end record of a ZIP archive without a comment.
ARCHIVE_END = b"PK\x05\x06"
ARCHIVE_END_BYTES = 22


class Classes:
    """How many classes a model tells apart, and which output tells them."""

    def __init__(self, number: int, tensor: Tensor | None, *, most: bool, detector: bool) -> None:
        self.number = number
        self.tensor = tensor
        self.most = most  # it may be fewer
        self.detector = detector


class LabelCount(Rule):
    """The label file in the model has another number of lines than the model has classes.

    ## Why it matters
    TFLite Metadata puts the label file into the model, and so do some exporters. Where the numbers differ,
    every label can be shifted by one, most often by a line for the background: the class numbers of a
    detection postprocess do not count it, those of a classifier of 1001 classes do.

    ## How to fix
    Give the label file one line for each class, in the order of training; or add the offset where the
    application looks up the label.

    ## References
    - https://www.tensorflow.org/lite/models/convert/metadata
    - https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/detection_postprocess.cc
    """

    meta = RuleMeta(
        "DET008", "label-count", Severity.INFO, Certainty.MEASURED,
        references=("https://www.tensorflow.org/lite/models/convert/metadata",), covers=("A008",),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        if not _has_archive(context.model):
            return
        from tflint_edgetpu.api import find_labels

        labels, classes = find_labels(context.model), _classes(context)
        if labels is None or classes is None:
            return
        lines, number = len(labels.names), classes.number
        if lines == number or (classes.most and lines < number):
            return
        most = "at most " if classes.most else ""
        yield self.finding(
            context.detection.postprocess
            if context.detection
            else [tensor_location(classes.tensor, "output")]
            if classes.tensor
            else None,
            f"the label file '{shortened(labels.file)}' in the model has {counted(lines, 'label')}, the model {most}"
            f"{'1 class' if number == 1 else f'{number} classes'}",
            cost=_offset(classes, labels)
            or "some class has no label, or every label is that of another class",
            evidence={"labels": lines, "classes": number, "file": labels.file},
            fix=Fix(
                "Give the label file one line for each class, or look labels up with the offset",
                how=_how(classes, labels),
            ),
        )


def _has_archive(model: Model) -> bool:
    """Whether files are appended to the model: few have any, and every start counts."""
    end = model.source.size - ARCHIVE_END_BYTES
    return end > 0 and model.source.read(end, len(ARCHIVE_END)) == ARCHIVE_END


def _classes(context: Context) -> Classes | None:
    outputs = context.model.main.outputs
    if context.detection is not None:
        number = context.detection.options.num_classes
        return None if number is None else Classes(number, None, most=False, detector=True)
    head = find_yolo_head(context.model.main)
    if head is not None:
        return Classes(head.most_classes, head.tensor, most=True, detector=True)
    if len(outputs) == 1:
        (output,) = outputs
        width = max(output.shape, default=0)
        if width > 1 and output.elements == width:  # a classifier has one row of scores
            return Classes(width, output, most=False, detector=False)
    return None


def _shift(classes: Classes, labels: Labels) -> int:
    """What to add to a class number to get the line of its label, counted from 0; 0 where it is not known."""
    difference = len(labels.names) - classes.number
    if classes.detector and difference == 1 and labels.has_background:
        return 1
    return -1 if not classes.detector and difference == -1 and not labels.has_background else 0


def _offset(classes: Classes, labels: Labels) -> str | None:
    shift = _shift(classes, labels)
    if shift == 1:
        return (
            "the first label is the background, which the class numbers of a postprocess do not count: labels "
            "shift by one"
        )
    if shift == -1:
        return "most likely class 0 is the background and has no label: labels shift by one"
    return None


def _how(classes: Classes, labels: Labels) -> str:
    shift = _shift(classes, labels)
    return f"label = labels[int(number) {'+' if shift > 0 else '-'} 1]" if shift else ""

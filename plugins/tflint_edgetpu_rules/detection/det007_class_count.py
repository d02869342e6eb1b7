"""DET007 class-count."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity


class ClassCount(Rule):
    """Class scores and the postprocess disagree about the number of classes.

    ## Why it matters
    The postprocess takes `num_classes` columns of the scores and skips what is before them as background.
    One column more than classes is the background and normal. Any other difference shifts every label, or
    makes the kernel stop.

    ## How to fix
    Export again with the `num_classes` the model was trained with; give the label file one line a class,
    without a line for the background.

    ## References
    - https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/detection_postprocess.cc
    """

    meta = RuleMeta(
        "DET007", "class-count", Severity.WARNING, Certainty.DOCUMENTED,
        references=(
            "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/"
            "detection_postprocess.cc",
        ),
        covers=("A008",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        detection = context.detection
        if detection is None or detection.options.num_classes is None:
            return
        scores = detection.postprocess.input(1)
        if scores is None or len(scores.shape) < 2:
            return
        columns, classes = scores.shape[-1], detection.options.num_classes
        if columns - classes in (0, 1):
            return
        yield self.finding(
            detection.postprocess,
            f"the postprocess is told of {classes} classes, the scores have {columns} columns",
            cost="labels are shifted, or the postprocess stops when it runs",
            evidence={"num_classes": classes, "columns": columns},
            fix=Fix("Export again with the number of classes the model was trained with"),
        )

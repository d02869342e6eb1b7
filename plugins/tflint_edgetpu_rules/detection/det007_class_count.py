"""DET007 class-count."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity, counted


class ClassCount(Rule):
    """Class scores and the postprocess disagree about the number of classes.

    ## Why it matters
    The scores that the postprocess reads have one column for each of its `num_classes`, or one more in front,
    the background. With any other number the kernel refuses to run; kernels from before 2021 read the wrong
    columns.

    ## How to fix
    Export again with the `num_classes` the model was trained with.

    ## References
    - https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/detection_postprocess.cc
    """

    meta = RuleMeta(
        "DET007", "class-count", Severity.ERROR, Certainty.DOCUMENTED,
        references=(
            "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/"
            "detection_postprocess.cc",
        ),
        covers=("A008",),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        detection = context.detection
        if detection is None or detection.options.num_classes is None:
            return
        scores = detection.postprocess.input(1)
        if scores is None or len(scores.shape) != 3:
            return
        columns, classes = scores.shape[-1], detection.options.num_classes
        if columns - classes in (0, 1):
            return
        yield self.finding(
            detection.postprocess,
            f"the postprocess is told of {classes} class{'' if classes == 1 else 'es'}, the scores have "
            f"{counted(columns, 'column')}",
            cost="the postprocess fails when it runs: it takes one column a class, or one more for the background",
            evidence={"num_classes": classes, "columns": columns},
            fix=Fix("Export again with the number of classes the model was trained with"),
        )

"""DET004 detection-order."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Detection,
    Edit,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    reading_lines,
    tensor_location,
)

from .consumers import CALLED

# The order that TF1 exports have, and that consumers which read by position expect.
USUAL = ("boxes", "classes", "scores", "count")
# The only other order that pycoral/adapters/detect.py reads by position.
TF2 = ("scores", "boxes", "count", "classes")


class DetectionOrder(Rule):
    """Detection outputs in another order than consumers expect.

    ## Why it matters
    Programs that read detections by position take boxes, classes, scores, count. Converters write other
    orders: TF2 exports often scores, boxes, count, classes, and some count first. Names do not tell; the
    slot of the postprocess does. Frigate and most samples then fail with an IndexError or TypeError, or
    show nonsense. PyCoral also reads the order of TF2, unless a single detection makes it look like the
    usual one.

    ## How to fix
    Read by role, through the signature or the position given here, or let the outputs be put in order
    (`--consumer frigate` offers that as a fix).

    ## Fix safety
    Safe. The same tensors in another order; signatures keep their names.

    ## References
    - https://github.com/google-coral/pycoral/blob/master/pycoral/adapters/detect.py
    - https://github.com/blakeblackshear/frigate/blob/dev/frigate/detectors/plugins/edgetpu_tfl.py
    """

    meta = RuleMeta(
        "DET004", "detection-order", Severity.WARNING, Certainty.DOCUMENTED, fixable=True,
        references=("https://github.com/google-coral/pycoral/blob/master/pycoral/adapters/detect.py",),
        covers=("A002",),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        detection = context.detection
        if detection is None or sorted(detection.order) != sorted(USUAL):
            return
        wanted = _as_pycoral_reads(detection) if context.consumer == "pycoral" else USUAL
        if detection.order == wanted:
            return
        edits: tuple[Edit, ...] = ()
        if context.consumer is not None and not context.is_compiled:
            edits = (Edit("reorder-detections", detection.postprocess.ref),)
        yield self.finding(
            [tensor_location(output.tensor, "output") for output in detection.outputs],
            f"the detections come as {', '.join(detection.order)}; {_reader(context.consumer)} "
            f"{', '.join(wanted)}",
            severity=Severity.WARNING if context.consumer else Severity.INFO,
            cost="it takes one for the other"
            if context.consumer
            else "such a program takes one for the other",
            related=[detection.postprocess],
            evidence={"order": list(detection.order), "consumer": context.consumer},
            fix=Fix(
                "Read the outputs by role, or put them in order",
                Safety.SAFE if edits else Safety.MANUAL,
                reading_lines(context.model, detection),
                edits,
            ),
        )


def _as_pycoral_reads(detection: Detection) -> tuple[str, ...]:
    """PyCoral looks at the size of output 3 only: with one element it takes it for the count. Shapes in the
    file do not tell the size, the kernel sets them.
    """
    last, options = detection.order[3], detection.options
    rows = (options.max_detections or 0) * (options.max_classes_per_detection or 1)
    return USUAL if last == "count" or (rows == 1 and last != "boxes") else TF2


def _reader(consumer: str | None) -> str:
    name = CALLED.get(consumer or "")
    return f"{name} reads them as" if name else "programs that read by position expect"

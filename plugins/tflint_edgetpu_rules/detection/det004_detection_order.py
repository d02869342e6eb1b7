"""DET004 detection-order."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Edit,
    Finding,
    Fix,
    Rule,
    RuleMeta,
    Safety,
    Severity,
    tensor_location,
)

# The order that TF1 exports have, and that consumers which read by position expect.
USUAL = ("boxes", "classes", "scores", "count")
# pycoral/adapters/detect.py tells this one from the usual by the shape of output 3 or by signature.
ACCEPTED_BY_PYCORAL = (USUAL, ("scores", "boxes", "count", "classes"))


class DetectionOrder(Rule):
    """Detection outputs in another order than consumers expect.

    ## Why it matters
    Programs that read detections by position take boxes, classes, scores, count. Converters write other
    orders: TF2 exports often scores, boxes, count, classes, and some count first. Names do not tell; the
    slot of the postprocess does. Frigate and most samples then fail with an IndexError or TypeError, or
    show nonsense.

    ## How to fix
    Read by role, through the signature or the slot given here, or let the outputs be put in order
    (`--consumer frigate` offers that as a fix).

    ## Fix safety
    Safe. The same tensors in another order; signatures keep their names.

    ## References
    - https://github.com/google-coral/pycoral/blob/master/pycoral/adapters/detect.py
    - https://docs.frigate.video/configuration/object_detectors
    """

    meta = RuleMeta(
        "DET004", "detection-order", Severity.WARNING, Certainty.DOCUMENTED, fixable=True,
        references=("https://github.com/google-coral/pycoral/blob/master/pycoral/adapters/detect.py",),
        covers=("A002",),
    )  # fmt: skip
    on_compiled = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        detection = context.detection
        if detection is None or len(detection.order) != 4 or detection.order == USUAL:
            return
        if context.consumer == "pycoral" and detection.order in ACCEPTED_BY_PYCORAL:
            return
        edits: tuple[Edit, ...] = ()
        if context.consumer is not None and not context.is_compiled:
            edits = (Edit("reorder-detections", detection.postprocess.ref),)
        yield self.finding(
            [tensor_location(output.tensor, "output") for output in detection.outputs],
            f"the detections come as {', '.join(detection.order)}; programs that read by position expect "
            f"{', '.join(USUAL)}",
            severity=Severity.WARNING if context.consumer else Severity.INFO,
            cost=f"{context.consumer or 'such a program'} takes one for the other",
            related=[detection.postprocess],
            evidence={"order": list(detection.order), "consumer": context.consumer},
            fix=Fix(
                "Read the outputs by role, or put them in order",
                Safety.SAFE if edits else Safety.MANUAL,
                "\n".join(
                    f"{output.role} = interpreter.get_tensor(output_details[{number}]['index'])"
                    for number, output in enumerate(detection.outputs)
                ),
                edits,
            ),
        )

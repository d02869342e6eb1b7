"""MEM001 tensor-too-large."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    SIZE_LIMITS,
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Severity,
    described,
    named,
    reason_of,
)

SMALLER = """\
Ultralytics: yolo export model=best.pt format=edgetpu imgsz=320   (YOLOv8n maps as a whole at 192)
TF Object Detection API: train and export at 300 or 320 pixels instead of 640
Keras: a smaller input shape; or leave the last reshapes and joins to the application"""


class TensorTooLarge(Rule):
    """An operator that the Edge TPU has, on a tensor too large for it.

    ## Why it matters
    Each tile of the chip has 192 KiB for activations, and operators that lay data out anew need their input
    and output there at once. Rows and columns of a picture are spread over 16 tiles; a tensor of one row,
    such as the [1, 84, 8400] of a YOLO head, is not. Beyond that the compiler says
    `Operation is otherwise supported, but not mapped due to some unspecified limitation`, and what depends on
    the operator runs on the CPU.

    The limits are not published. The finding says which side of them is known: the largest size that was
    seen mapped, the smallest that was seen refused, and whether this one lies between (then it is a guess).

    ## How to fix
    Export for a smaller input. Heads of detectors can be left to the application: end the model before
    them.

    ## References
    - https://github.com/google-coral/edgetpu/issues/663
    - https://github.com/ultralytics/ultralytics/issues/4754
    - https://github.com/google-coral/edgetpu/issues/868
    """

    meta = RuleMeta(
        "MEM001", "tensor-too-large", Severity.ERROR, Certainty.MEASURED,
        references=(
            "https://github.com/google-coral/edgetpu/issues/663",
            "https://github.com/ultralytics/ultralytics/issues/4754",
            "https://github.com/google-coral/edgetpu/issues/868",
        ),
        covers=("M001",),
    )  # fmt: skip
    general = True

    def check_model(self, context: Context) -> Iterator[Finding]:
        found = [
            operator
            for operator in context.operators()
            if context.placed(operator).constraint in SIZE_LIMITS
            and context.placed(operator).role == "breaker"
            and operator not in context.placement.tail
            and not context.is_explained(operator)
        ]
        if not found:
            return
        # What was seen refused speaks before what lies between.
        first = min(found, key=lambda operator: (_is_grey(operator, context), operator.index))
        placed = context.placed(first)
        limit = next(limit for limit in context.table.constraints if limit.slug == placed.constraint)
        grey = sum(_is_grey(operator, context) for operator in found)
        what = f"{first.label} at {named(first)}"
        if len(found) > 1:
            what = f"{described(found)} are too large for the Edge TPU; the first, {what}:"
        else:
            what = f"{what} is too large for the Edge TPU:"
        yield self.finding(
            [first, *(operator for operator in found if operator is not first)],
            f"{what} {reason_of(placed)}",
            severity=context.severity_of_loss(found),
            certainty=Certainty(placed.certainty),
            cost=context.cost_of_loss(found),
            evidence={
                "operators": len(found),
                "known_bad": len(found) - grey,
                "grey": grey,
                "status": placed.status,
                "seen_mapped": list(limit.good),
                "seen_refused": list(limit.bad),
            },
            fix=Fix("Export for a smaller input", how=f"{_how_sure(len(found), grey)}\n{SMALLER}"),
        )


def _is_grey(operator: Operator, context: Context) -> bool:
    return context.placed(operator).certainty == "guess"


def _how_sure(count: int, grey: int) -> str:
    """In which part of the band the sizes lie."""
    bad = "known bad: at least as large as sizes that were seen refused"
    between = "grey: larger than what was seen mapped, and not seen refused"
    if not grey:
        return bad
    return between if grey == count else f"{count - grey} {bad}; {grey} {between}"

"""CMP005 unsupported-rank."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Severity,
    Status,
    counted,
    named,
)

from .evidence import Refused, about, cost_of, refused_with, severity_of

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompilerLog

IN_THE_FILE = "or repair the .tflite itself, with the same numbers: tflint-edgetpu fix model.tflite"

OTHERWISE = """\
a batch: export with batch 1 (onnx2tf -b 1, yolo export batch=1, model.input.set_shape((1,) + shape[1:]))
more dimensions: reshape so that at most the last three are larger than 1
a dilated convolution written as SPACE_TO_BATCH_ND: tflint-edgetpu lint model.tflite shows it"""


class UnsupportedRank(Rule):
    """Operators the compiler left on the CPU because a tensor has too many dimensions.

    ## Why it matters
    Only the three innermost dimensions of a tensor may be larger than 1: `Tensor has unsupported rank (up
    to 3 innermost dimensions mapped)`. A batch, a 5-D stack or a dilated convolution written as
    SPACE_TO_BATCH_ND breaks that. In detectors of the TF2 Object Detection API with a feature pyramid it is
    the nearest-neighbour upsampling, written as PACK, PACK, RESHAPE: its stacks have five and six dimensions
    and cut the finest levels of the pyramid off.

    ## How to fix
    Upsampling: RESIZE_NEAREST_NEIGHBOR gives the same numbers. Batch: export with batch 1. Otherwise
    reshape before and after, so that at most three dimensions are larger than 1.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    - https://github.com/google-coral/edgetpu/issues/75
    """

    meta = RuleMeta(
        "CMP005", "unsupported-rank", Severity.ERROR, Certainty.MEASURED,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("L005",),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import NATIVE_UPSAMPLING

        for refused in refused_with([Status.RANK], log, context):
            upsamplings = _upsamplings(refused)
            detail = _shape(refused.operators)
            title = "Export with batch 1, and with at most three dimensions larger than 1"
            if upsamplings:
                detail = (
                    f"; PACK in pairs beside RESHAPE is nearest-neighbour upsampling ({counted(upsamplings, 'level')} "
                    "of a feature pyramid) written as PACK, PACK, RESHAPE"
                )
                title = "Use RESIZE_NEAREST_NEIGHBOR for the upsampling: it gives the same numbers and maps"
            yield self.finding(
                refused.places,
                f"{about(refused.logged, log)}{refused.names} {'has' if refused.number == 1 else 'have'} a tensor with "
                f"more than three dimensions larger than 1{detail}",
                severity=severity_of(refused, context),
                certainty=Certainty.GUESS if upsamplings and not refused.operators else Certainty.MEASURED,
                cost=cost_of(refused, context),
                evidence={
                    "count": refused.number,
                    "upsamplings": upsamplings,
                    "shapes": [
                        [list(tensor.shape) for tensor in operator.tensors]
                        for operator in refused.operators[:50]
                    ],
                },
                fix=Fix(title, how=f"{NATIVE_UPSAMPLING}{IN_THE_FILE}" if upsamplings else OTHERWISE),
            )


def _upsamplings(refused: Refused) -> int:
    """How many upsamplings the PACKs of a log look like: two PACKs and a RESHAPE each; 0: not at all."""
    packs = sum(row.count for row in refused.rows if row.operator == "PACK")
    others = any(row.operator not in ("PACK", "RESHAPE") for row in refused.rows)
    reshapes = sum(row.count for row in refused.logged.rows if row.operator == "RESHAPE")
    return packs // 2 if packs and packs % 2 == 0 and not others and reshapes >= packs // 2 else 0


def _shape(operators: tuple[Operator, ...]) -> str:
    for operator in operators:
        worst = max(operator.tensors, key=lambda tensor: sum(size > 1 for size in tensor.shape), default=None)
        if worst is not None:
            return f", the first at {named(operator)}: [{', '.join(map(str, worst.shape))}]"
    return ""

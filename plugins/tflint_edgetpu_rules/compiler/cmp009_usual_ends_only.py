"""CMP009 usual-ends-only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Rule, RuleMeta, Severity

from .evidence import about, is_beside_model, logged_models, row_place

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompilerLog


class UsualEndsOnly(Rule):
    """The log lists only operators that stay on the CPU in any model of the kind: nothing to mend.

    ## Why it matters
    The compiler warns that `not all operations are supported by the Edge TPU`, and people look for an error.
    A DEQUANTIZE never maps, nor does the one QUANTIZE of a float input, nor a custom operator such as
    `TFLite_Detection_PostProcess`, which exists in float only. Everything else runs on the Edge TPU.

    ## How to fix
    Nothing to fix.

    ## References
    - https://github.com/google-coral/edgetpu/issues/515
    - https://github.com/tensorflow/models/issues/9371
    """

    meta = RuleMeta(
        "CMP009", "usual-ends-only", Severity.INFO, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/515",), covers=("L008",),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import TableReading, row_names

        if is_beside_model(context):
            return  # said of the model itself
        for logged in logged_models(log, context):
            table = TableReading(logged)
            if not table.only_ends:
                continue
            count = sum(row.count for row in table.ends)
            yield self.finding(
                [row_place(row) for row in table.ends],
                f"{about(logged, log)}everything but {row_names(table.ends)} runs on the Edge TPU, and "
                f"{'that one stays' if count == 1 else 'those stay'} on the CPU in every model of this kind",
                evidence={"on_cpu": count, "mapped": sum(row.count for row in table.mapped)},
            )

"""CMP017 operators-not-listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

from .evidence import about, field_place, logged_models

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompilerLog


class OperatorsNotListed(Rule):
    """The log counts operators on the CPU, but does not say which.

    ## Why it matters
    Without `-s` the compiler prints numbers only. Whether these operators are the harmless end of a detector
    or the larger part of the model stands in the operator table.

    ## How to fix
    Compile with `-s`, or lint the `*_edgetpu.log` that lies beside the compiled file: it always has the
    table. The model itself tells more than either: `tflint-edgetpu placement model.tflite`.

    ## References
    - https://coral.ai/docs/edgetpu/compiler/
    """

    meta = RuleMeta(
        "CMP017", "operators-not-listed", Severity.WARNING, Certainty.MEASURED,
        references=("https://coral.ai/docs/edgetpu/compiler/",),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        if context.has_model and not context.is_compiled:
            return  # the model tells which
        for logged in logged_models(log, context):
            on_cpu, total = logged.on_cpu, logged.operators
            if not on_cpu or not total or logged.rows or not logged.mapped:
                continue
            yield self.finding(
                [field_place(logged, "ops_cpu", "ops_edgetpu")],
                f"{about(logged, log)}{on_cpu} of {total} operators run on the CPU; the log does not say which",
                severity=Severity.WARNING if on_cpu > logged.mapped else Severity.INFO,
                cost="unknown: the end of a detector costs nothing, a break in the middle most of the speed",
                evidence={"on_cpu": on_cpu, "operators": total},
                fix=Fix(
                    "Lint the operation log or the model: both tell which, the model also why",
                    how=f"tflint-edgetpu lint {logged.operation_log or 'model_edgetpu.log'}\n"
                    f"tflint-edgetpu lint {logged.input_model or 'model.tflite'}",
                ),
            )

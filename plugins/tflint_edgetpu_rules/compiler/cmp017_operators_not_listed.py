"""CMP017 operators-not-listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity

from .evidence import about, field_place, is_beside_model, logged_models

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompilerLog


# Share of the operators below which a model is not on the Edge TPU, whatever they are. A guess: twelve
# published logs without a table have 1 of 962, and a quarter or more.
HARDLY_ANY = 0.1


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
        "CMP017", "operators-not-listed", Severity.ERROR, Certainty.MEASURED,
        references=("https://coral.ai/docs/edgetpu/compiler/",),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        if is_beside_model(context):
            return  # the model tells which
        for logged in logged_models(log, context):
            on_cpu, total = logged.on_cpu, logged.operators
            if not on_cpu or not total or logged.rows or not logged.mapped:
                continue
            hardly_any = logged.mapped < total * HARDLY_ANY
            runs = "runs" if logged.mapped == 1 else "run"
            yield self.finding(
                [field_place(logged, "ops_cpu", "ops_edgetpu")],
                f"{about(logged, log)}only {logged.mapped} of {total} operators {runs} on the Edge TPU; the log does "
                "not say which are refused"
                if hardly_any
                else f"{about(logged, log)}{on_cpu} of {total} operators run on the CPU; the log does not say which",
                severity=_severity(logged.mapped, on_cpu, hardly_any),
                cost="unknown: the end of a detector costs nothing, a break in the middle most of the speed",
                evidence={"on_cpu": on_cpu, "operators": total},
                fix=Fix(
                    "Lint the operation log or the model: both tell which, the model also why",
                    how=f"tflint-edgetpu lint {logged.operation_log or 'model_edgetpu.log'}\n"
                    f"tflint-edgetpu lint {logged.input_model or 'model.tflite'}",
                ),
            )


def _severity(mapped: int, on_cpu: int, hardly_any: bool) -> Severity:
    if hardly_any:
        return Severity.ERROR
    return Severity.WARNING if on_cpu > mapped else Severity.INFO

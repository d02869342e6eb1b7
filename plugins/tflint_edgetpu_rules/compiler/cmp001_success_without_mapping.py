"""CMP001 success-without-mapping."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity, Status

from .evidence import about, field_place, is_beside_model, logged_models

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompilerLog, LoggedModel

MIN_RUNTIME = re.compile(r"\s(?:-m|--min_runtime_version)[ =]*(\d+)\b")

REASONS = {
    Status.DATA_TYPE: (
        "it is not fully quantized to 8 bit, or it was compiled for runtime 11 or older, which has no int8",
        "Reconvert with a representative dataset and TFLITE_BUILTINS_INT8, and compile without -m",
        "converter.optimizations = [tf.lite.Optimize.DEFAULT]\n"
        "converter.representative_dataset = images   # yields real, preprocessed inputs\n"
        "converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]\n"
        "edgetpu_compiler model.tflite               # -m 12 or higher, or no -m at all",
    ),
    Status.RANK: (
        "its tensors have more than three dimensions larger than 1: most often a batch",
        "Export with a batch of 1",
        "model.input.set_shape((1,) + model.input.shape[1:])   # Keras 2\nonnx2tf -i model.onnx -b 1",
    ),
}


class SuccessWithoutMapping(Rule):
    """A compile that ended 'successfully' with no operator on the Edge TPU.

    ## Why it matters
    `edgetpu_compiler` exits with 0 and writes a file when it mapped nothing. That file is the CPU model
    under another name: it gives right results at CPU speed, and only a stopwatch tells.

    ## How to fix
    The status of the operators says why. `Operation is working on an unsupported data type` on all of them:
    the model is float, or int8 and compiled with `-m 11` or lower. `Tensor has unsupported rank`: a batch
    larger than 1.

    ## References
    - https://github.com/google-coral/edgetpu/issues/438
    - https://github.com/google-coral/edgetpu/issues/225
    """

    meta = RuleMeta(
        "CMP001", "success-without-mapping", Severity.ERROR, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/438",), covers=("L001",),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import Outcome

        if is_beside_model(context) and context.placement.edgetpu == 0:
            return  # predicted, and explained by the rules that look at the model
        for logged in logged_models(log, context):
            if logged.outcome != Outcome.NONE_MAPPED or _truncated(logged):
                continue
            reason, title, how = _reason(logged, log)
            operators = f"none of {logged.operators} operators" if logged.operators else "no operator"
            yield self.finding(
                [field_place(logged, "ops_edgetpu", "subgraphs")],
                f"{about(logged, log)}the compiler ended successfully, but {operators} runs on the Edge TPU"
                + (f": {reason}" if reason else ""),
                cost="the file behaves like the model it was made from: right results at the speed of the CPU",
                evidence={
                    "operators": logged.operators,
                    "statuses": sorted({row.status for row in logged.rows}),
                },
                fix=Fix(title, how=how),
            )


def _truncated(logged: LoggedModel) -> bool:
    """Whether the table alone says that nothing maps, and is cut off or elided: one row proves nothing."""
    return logged.ops_edgetpu is None and logged.subgraphs is None and len(logged.rows) < 2


def _reason(logged: LoggedModel, log: CompilerLog) -> tuple[str, str, str]:
    for command in log.commands:
        asked = MIN_RUNTIME.search(command.text)
        if asked and int(asked[1]) < 12:
            return (
                f"it was compiled for runtime {asked[1]} (-m {asked[1]}), and int8 needs runtime 12",
                "Compile without -m, or with -m 12 or higher",
                "edgetpu_compiler -m 13 model.tflite",
            )
    counts: dict[str, int] = {}
    for row in logged.rows:
        counts[row.status] = counts.get(row.status, 0) + row.count
    if counts:
        most = max(counts, key=lambda status: counts[status])
        if most in REASONS:
            return REASONS[most]
    return (
        "",
        "Lint the model itself: it tells which operators the Edge TPU refuses, and why",
        "tflint-edgetpu lint model.tflite",
    )

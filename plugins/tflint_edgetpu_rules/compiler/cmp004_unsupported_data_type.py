"""CMP004 unsupported-data-type."""

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
    listed,
    named,
)

from .evidence import about, cost_of, refused_with, severity_of

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompilerLog

INTEGERS = ("INT8", "UINT8")


class UnsupportedDataType(Rule):
    """Operators the compiler left on the CPU because their tensors are not 8-bit.

    ## Why it matters
    `Operation is working on an unsupported data type` stands for float32, int64, int32 and int16
    activations, and for everything int8 when the model was compiled for runtime 11 or older. It also stands
    for operators outside Coral's table that work on such types, since types are tested first. A DEQUANTIZE
    at an output and the detection postprocess always print it: those are not meant here.

    ## How to fix
    Reconvert with a representative dataset and TFLITE_BUILTINS_INT8 only, so that no operator falls back to
    float without a word. Integer index arithmetic (top-k, NMS) has to leave the model: run it on the CPU.

    ## References
    - https://github.com/google-coral/edgetpu/issues/168
    - https://github.com/google-coral/edgetpu/issues/439
    """

    meta = RuleMeta(
        "CMP004", "unsupported-data-type", Severity.ERROR, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/439",), covers=("L004",),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        from tflint_edgetpu.api import Outcome

        for refused in refused_with([Status.DATA_TYPE], log, context):
            if refused.logged.outcome == Outcome.NONE_MAPPED:
                continue  # one cause: that nothing maps
            yield self.finding(
                refused.places,
                f"{about(refused.logged, log)}{refused.names} {'works' if refused.number == 1 else 'work'} on a data "
                f"type that the Edge TPU does not have{_types(refused.operators, context)}",
                severity=severity_of(refused, context),
                cost=cost_of(refused, context),
                evidence={
                    "count": refused.number,
                    "tensors": [
                        {"name": tensor.name, "dtype": tensor.dtype}
                        for operator in refused.operators[:50]
                        for tensor in operator.tensors
                        if tensor.dtype not in INTEGERS and not context.is_constant(tensor)
                    ],
                },
                fix=Fix(
                    "Reconvert with 8-bit integers only",
                    how="converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]\n"
                    "converter.representative_dataset = images   # yields real, preprocessed inputs\n"
                    "which tensors these are stands in the model: tflint-edgetpu lint model.tflite",
                ),
            )


def _types(operators: tuple[Operator, ...], context: Context) -> str:
    """``: INT64 at 'a', 'b'`` where the operators are known."""
    by_type: dict[str, list[str]] = {}
    for operator in operators:
        for tensor in operator.tensors:
            if tensor.dtype not in INTEGERS and not context.is_constant(tensor):
                by_type.setdefault(tensor.dtype, []).append(tensor.name)
    if not by_type:
        return f", the first at {named(operators[0])}" if operators else ": float, int16, int32 or int64"
    return ": " + ", ".join(f"{dtype} {listed(names)}" for dtype, names in list(by_type.items())[:2])

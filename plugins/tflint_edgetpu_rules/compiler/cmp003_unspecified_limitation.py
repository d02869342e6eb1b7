"""CMP003 unspecified-limitation."""

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
    named,
    reason_of,
)

from .evidence import Refused, about, cost_of, refused_with, row_place, severity_of

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompilerLog, LogRow

# TFLite_Detection_PostProcess has four outputs; a float input adds one QUANTIZE in front.
DETECTION_OUTPUTS = (4, 5)

UNSET = """\
leave converter.inference_output_type unset: float outputs of the postprocess are normal
    converter.inference_input_type = tf.uint8     # the input only
what the types really are stands in the model, not in the log: tflint-edgetpu lint model.tflite"""


class UnspecifiedLimitation(Rule):
    """Operators the compiler supports and yet did not map, without saying why.

    ## Why it matters
    `Operation is otherwise supported, but not mapped due to some unspecified limitation` covers everything
    the compiler checks beyond the kind, the types, the version and the rank of an operator: sizes, fused
    activations, axes, a QUANTIZE that reads float. What depends on such an operator is left to the CPU, too.

    ## How to fix
    The finding ranks the reasons known for the kind, with the numbers that were measured. Lint the model
    beside its log to see which operator it is and how far over the limit: `tflint-edgetpu lint model.tflite
    --log model_edgetpu.log`. Sizes shrink with the input image; a head can be cut off and run on the CPU.

    ## References
    - https://github.com/google-coral/edgetpu/issues/512
    - https://github.com/google-coral/edgetpu/issues/31
    """

    meta = RuleMeta(
        "CMP003", "unspecified-limitation", Severity.ERROR, Certainty.MEASURED,
        references=("https://github.com/google-coral/edgetpu/issues/512",), covers=("L003",),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        for refused in refused_with([Status.UNSPECIFIED], log, context):
            if refused.operators:
                yield self._pinned(refused, context)
                continue
            quantize = [row for row in refused.rows if row.operator == "QUANTIZE"]
            for row in quantize:
                yield self._quantize(row, refused, log, context)
            rest = refused._replace(rows=tuple(row for row in refused.rows if row not in quantize))
            if rest.rows:
                yield self._rows(rest, log, context)

    def _quantize(self, row: LogRow, refused: Refused, log: CompilerLog, context: Context) -> Finding:
        detection = refused.table.has_detection and row.count in DETECTION_OUTPUTS
        group = refused._replace(rows=(row,))
        if not detection:
            return self.finding(
                [row_place(row)],
                f"{about(refused.logged, log)}{group.names} {group.are} refused for an unspecified limitation: a "
                "QUANTIZE that reads float never maps, so there is a float input or a float part of the model",
                severity=severity_of(group, context),
                certainty=Certainty.GUESS,
                cost=cost_of(group, context),
                evidence={"count": row.count, "reasons": list(_limits("QUANTIZE", context))},
                fix=Fix(
                    "Lint the model: it tells which QUANTIZE reads float, and why",
                    how="tflint-edgetpu lint model.tflite --log model_edgetpu.log",
                ),
            )
        return self.finding(
            [row_place(row)],
            f"{about(refused.logged, log)}{group.names}, refused for an unspecified limitation next to a detection "
            "postprocess, look like its four outputs turned into 8 bit",
            severity=Severity.WARNING,
            certainty=Certainty.GUESS,
            cost="8-bit boxes and scores lose precision or die: all of them share the range seen in calibration",
            evidence={"count": row.count, "outputs_of_the_postprocess": 4},
            fix=Fix("Keep the outputs of the postprocess in float", how=UNSET),
        )

    def _rows(self, refused: Refused, log: CompilerLog, context: Context) -> Finding:
        kinds = list(dict.fromkeys(row.operator for row in refused.rows))
        reasons = {kind: list(_limits(kind, context)) for kind in kinds}
        lines = list(_by_reason(reasons))
        return self.finding(
            refused.places,
            f"{about(refused.logged, log)}{refused.names} {refused.are} refused for an unspecified limitation, most "
            f"likely a tensor too large for {'this operator' if refused.number == 1 else 'these operators'}",
            severity=severity_of(refused, context),
            certainty=Certainty.GUESS,
            cost=cost_of(refused, context),
            evidence={"count": refused.number, "reasons": reasons},
            fix=Fix(
                "Lint the model beside its log to see the sizes; known limits, likeliest first",
                how="\n".join([*lines, "tflint-edgetpu lint model.tflite --log model_edgetpu.log"]),
            ),
        )

    def _pinned(self, refused: Refused, context: Context) -> Finding:
        first = refused.operators[0]
        reasons = {
            kind: list(_limits(kind, context))
            for kind in dict.fromkeys(one.kind for one in refused.operators)
        }
        return self.finding(
            refused.places,
            f"{refused.names} {refused.are} refused for an unspecified limitation, the first at {named(first)}: "
            f"{_likeliest(first, context)}",
            severity=severity_of(refused, context),
            certainty=Certainty.GUESS,
            cost=cost_of(refused, context),
            evidence={
                "count": refused.number,
                "operators": [_sizes(operator) for operator in refused.operators[:50]],
                "reasons": reasons,
            },
            fix=Fix(
                "Make these tensors smaller, or cut the model before them",
                how="\n".join(_by_reason(reasons)),
            ),
        )


def _limits(kind: str, context: Context) -> Iterator[str]:
    """What must hold for the kind, where a breach prints this status; measured limits first."""
    order = ("measured", "documented", "guess")
    found = [
        rule
        for rule in context.table.constraints_of(kind, context.target)
        if rule.status == Status.UNSPECIFIED and rule.operators
    ]
    for rule in sorted(found, key=lambda rule: order.index(rule.source.certainty)):
        yield f"{rule.text} ({rule.source.certainty})"


def _by_reason(reasons: dict[str, list[str]]) -> Iterator[str]:
    """``RESHAPE, LOGISTIC: ...``: each reason once, with the kinds it holds for."""
    kinds: dict[str, list[str]] = {}
    for kind, texts in reasons.items():
        for text in texts or ["no limit is known"]:
            kinds.setdefault(text, []).append(kind)
    for text, names in kinds.items():
        yield f"{', '.join(names)}: {text}"


def _likeliest(operator: Operator, context: Context) -> str:
    placed = context.placed(operator)
    if placed.reason:
        return reason_of(placed)
    sizes = _sizes(operator)
    return f"it reads {sizes['reads']} and writes {sizes['writes']} values; no limit known to us is broken"


def _sizes(operator: Operator) -> dict[str, object]:
    first = operator.input(0)
    return {
        "ref": operator.ref,
        "operator": operator.label,
        "reads": first.elements if first is not None else 0,
        "writes": sum(tensor.elements for tensor in operator.outputs),
        "shapes": [list(tensor.shape) for tensor in operator.tensors],
    }

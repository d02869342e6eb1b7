"""CMP015 refused-operator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Finding, Fix, Rule, RuleMeta, Severity, Status

from .evidence import Refused, about, cost_of, refused_with, severity_of

if TYPE_CHECKING:
    from tflint_edgetpu.api import CompilerLog

ELSEWHERE = frozenset(
    (
        Status.MAPPED,
        Status.MORE_THAN_ONE_SUBGRAPH,
        Status.UNSPECIFIED,
        Status.DATA_TYPE,
        Status.RANK,
        Status.VERSION,
    )
)  # the statuses with a rule of their own

MEANING = {
    Status.NOT_SUPPORTED: "not in the table of operators that this compiler maps",
    Status.NOT_CONSTANT: "given a filter, bias or other parameter that is computed, not constant",
    Status.TWO_D_OUTPUT: "refused with a leftover of a longer text, seen for SPLIT along axis 0 and for 2-D outputs",
    Status.UNIT_STRIDES: "a slice with steps larger than 1",
    "Image-interpolation layer won't run precisely enough on Edge TPU": "a resize that would lose precision",
}


class RefusedOperator(Rule):
    """Operators the compiler left on the CPU for another explicit reason, or for one nobody knows.

    ## Why it matters
    `Operation not supported` is the plainest status: the kind is missing in the table of this compiler
    (TRANSPOSE came with 16.0). `Filter, bias, or other param is not constant at compile-time` means weights
    that are computed, or stored behind the flatbuffer where the compiler of 2021 does not look. A status
    that this tool does not know is shown as it stands in the log.

    ## How to fix
    `tflint-edgetpu explain OPERATOR` tells what the Edge TPU takes. Replace the operator by ones of the
    table, or move it to the end of the model.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    - https://github.com/google-coral/edgetpu/issues/165
    """

    meta = RuleMeta(
        "CMP015", "refused-operator", Severity.ERROR, Certainty.MEASURED,
        references=("https://coral.ai/docs/edgetpu/models-intro",), covers=("L003", "L004"),
    )  # fmt: skip

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        statuses = dict.fromkeys(row.status for model in log.models for row in model.rows)
        for status in statuses:
            if status in ELSEWHERE:
                continue
            for refused in refused_with([status], log, context):
                yield self._refused(status, refused, log, context)

    def _refused(self, status: str, refused: Refused, log: CompilerLog, context: Context) -> Finding:
        meaning = MEANING.get(status)
        kinds = sorted({row.operator for row in refused.rows} | {one.kind for one in refused.operators})
        text = meaning or f"refused with a status this tool does not know: '{status[:120]}'"
        if status == Status.NOT_SUPPORTED:
            text += _newer(kinds, log)
        return self.finding(
            refused.places,
            f"{about(refused.logged, log)}{refused.names} {refused.are} {text}",
            severity=severity_of(refused, context),
            certainty=Certainty.MEASURED if meaning else Certainty.GUESS,
            cost=cost_of(refused, context),
            evidence={"count": refused.number, "status": status, "known": meaning is not None},
            fix=Fix(
                f"Replace {', '.join(kinds[:3])} by operators that the Edge TPU takes",
                how="\n".join(f"tflint-edgetpu explain {kind}" for kind in kinds[:5]),
            ),
        )


def _newer(kinds: list[str], log: CompilerLog) -> str:
    """Which of ``kinds`` a later compiler maps."""
    from tflint_edgetpu.api import SUPPORTED

    release = log.release
    later = [kind for kind in kinds if release is not None and SUPPORTED.get(kind, (0, 0)) > release]
    if not later:
        return ""
    newest = max(SUPPORTED[kind] for kind in later)
    return f"; compiler {newest[0]}.{newest[1]} maps {', '.join(later)}"

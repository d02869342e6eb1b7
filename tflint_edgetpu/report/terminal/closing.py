"""The last line: what to do first."""

from __future__ import annotations

from collections.abc import Sequence

from ...edgetpu.placement import Placement
from ...lint.finding import REPLACE_SOURCE, Finding, Safety, Severity
from ...lint.wording import counted
from ..summary import by_severity


def advice(findings: Sequence[Finding], placement: Placement | None) -> str:
    """One sentence: the first thing to do, or that nothing is to be done."""
    worst = [finding for finding in findings if finding.severity is Severity.ERROR]
    worst = worst or [finding for finding in findings if finding.severity is Severity.WARNING]
    if not worst:
        if placement is not None and placement.compiles.is_refused:
            return f"No finding to mend, and yet the compiler refuses the file: {placement.compiles.reason}."
        if placement is not None and placement.edgetpu and not placement.cpu:
            return "Nothing to do: every operator runs on the Edge TPU."
        if placement is not None and placement.edgetpu and _only_ends_are_left(placement):
            return "Nothing to do: what stays on the CPU belongs there."
        return "Nothing to do."
    # A finding with a cure before one that only reports, the one that holds back most first; of two that
    # hold back as much the one about the whole model, which codes of the quantization family are.
    first = max(
        worst,
        key=lambda f: (f.fix is not None, len(f.related) + len(f.locations), f.code.startswith("QNT")),
    )
    step = f"Do first: {first.code}"
    if first.fix is not None:
        step += f" - {first.fix.title[0].lower()}{first.fix.title[1:]}"
    if first.fix is not None and first.fix.edits and first.fix.edits[0].kind == REPLACE_SOURCE:
        step += " (tflint-edgetpu lint --fix)"
    elif first.fix is not None and first.fix.edits:
        flag = "" if first.fix.safety is Safety.SAFE else " --unsafe-fixes"
        step += f" (tflint-edgetpu fix{flag})"
    rest = len(worst) - 1
    return step + (f"; then {counted(rest, 'more ' + worst[0].severity.word)}." if rest else ".")


def _only_ends_are_left(placement: Placement) -> bool:
    ends = placement.tail | placement.entry
    return all(placed.on == "edgetpu" or placed.operator in ends for placed in placement.operators)


def totals(findings: Sequence[Finding], suppressed: int) -> str:
    """``2 errors, 1 warning, 3 info``, and how many are suppressed."""
    text = by_severity(findings) or "no findings"
    return f"{text}, {suppressed} suppressed" if suppressed else text

"""The last line: what to do first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...edgetpu.placement import Placement
from ...lint.finding import Finding, Safety, Severity
from .words import count


def advice(findings: Sequence[Finding], placement: Placement | None) -> str:
    """One sentence: the first thing to do, or that nothing is to be done."""
    worst = [finding for finding in findings if finding.severity is Severity.ERROR]
    worst = worst or [finding for finding in findings if finding.severity is Severity.WARNING]
    if not worst:
        if placement is not None and placement.edgetpu and not placement.cpu:
            return "Nothing to do: every operator runs on the Edge TPU."
        if placement is not None and placement.edgetpu:
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
    if first.fix is not None and first.fix.edits:
        flag = "" if first.fix.safety is Safety.SAFE else " --unsafe-fixes"
        step += f" (tflint-edgetpu fix{flag})"
    rest = len(worst) - 1
    return step + (f"; then {count(rest, 'more ' + worst[0].severity.word)}." if rest else ".")


def totals(findings: Sequence[Finding], suppressed: int) -> str:
    """``2 errors, 1 warning, 3 infos``."""
    counted = Counter(finding.severity for finding in findings)
    parts = [
        count(counted[severity], severity.word)
        for severity in (Severity.ERROR, Severity.WARNING)
        if counted[severity]
    ]
    if counted[Severity.INFO]:
        parts.append(f"{counted[Severity.INFO]} info")
    if suppressed:
        parts.append(f"{suppressed} suppressed")
    return ", ".join(parts) or "no findings"

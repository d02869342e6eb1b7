"""The numbers of a run in words and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from ..lint.finding import Finding, Severity
from ..lint.wording import counted
from .report import Report
from .text import printable

_GRAVEST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def by_severity(findings: Iterable[Finding]) -> str:
    """``2 errors, 1 warning, 3 info``; nothing where there are none."""
    numbers = Counter(finding.severity for finding in findings)
    return ", ".join(
        f"{numbers[severity]:,} info"
        if severity is Severity.INFO
        else counted(numbers[severity], severity.word)
        for severity in _GRAVEST_FIRST
        if numbers[severity]
    )


def totals(report: Report) -> str:
    """``2 errors, 1 warning in 3 files; 1 file could not be linted``."""
    text = f"{by_severity(report.findings) or 'no findings'} in {counted(len(report.files), 'file')}"
    suppressed = sum(len(file.suppressed) for file in report.files)
    if suppressed:
        text += f"; {suppressed} suppressed"
    unreadable = sum(file.error is not None for file in report.files)
    if unreadable:
        text += f"; {counted(unreadable, 'file')} could not be linted"
    failures = sum(len(file.failures) for file in report.files)
    if failures:
        text += f"; {counted(failures, 'rule failure')}"
    return text


def statistics(report: Report) -> list[dict[str, Any]]:
    """How often each rule spoke, the most frequent first."""
    found: dict[str, dict[str, Any]] = {}
    for file in report.files:
        codes = set()
        for finding in file.findings:
            entry = found.setdefault(
                finding.code, {"code": finding.code, "name": finding.name, "findings": 0, "files": 0}
            )
            entry["findings"] += 1
            codes.add(finding.code)
        for code in codes:
            found[code]["files"] += 1
    return sorted(found.values(), key=lambda entry: (-entry["findings"], entry["code"]))


def statistics_lines(report: Report) -> list[str]:
    return [
        f"{entry['findings']:>6}  {entry['code']}  {printable(entry['name'])} ({counted(entry['files'], 'file')})"
        for entry in statistics(report)
    ]

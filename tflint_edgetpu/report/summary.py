"""The numbers of a run in words and as data."""

from __future__ import annotations

from typing import Any

from ..lint.finding import Severity
from .report import Report
from .text import printable

_GRAVEST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def totals(report: Report) -> str:
    """``2 errors, 1 warning in 3 files; 1 file could not be linted``."""
    parts = []
    for severity in _GRAVEST_FIRST:
        number = report.count(severity)
        if number:
            parts.append(f"{number} info" if severity is Severity.INFO else _count(number, severity.word))
    text = f"{', '.join(parts) or 'no findings'} in {_count(len(report.files), 'file')}"
    suppressed = sum(len(file.suppressed) for file in report.files)
    if suppressed:
        text += f"; {suppressed} suppressed"
    unreadable = sum(file.error is not None for file in report.files)
    if unreadable:
        text += f"; {_count(unreadable, 'file')} could not be linted"
    failures = sum(len(file.failures) for file in report.files)
    if failures:
        text += f"; {_count(failures, 'rule failure')}"
    return text


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"


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
        f"{entry['findings']:>6}  {entry['code']}  {printable(entry['name'])} ({_count(entry['files'], 'file')})"
        for entry in statistics(report)
    ]

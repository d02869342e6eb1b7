"""One line a finding, for logs, editors and grep."""

from __future__ import annotations

from ..lint.file_report import FileReport
from ..lint.finding import Finding
from .report import Report
from .summary import statistics_lines, totals
from .text import printable, shorten_names

SEPARATOR = ""


def begin() -> str:
    return ""


def file_text(file: FileReport, look: object) -> str:
    """``path:place: severity CODE name: message``, a line a finding."""
    return "".join(f"{line}\n" for line in _file_lines(file))


def end(report: Report, look: object) -> str:
    """One line of totals."""
    lines = [*(statistics_lines(report) if report.statistics else ()), totals(report)]
    return "".join(f"{line}\n" for line in lines)


def _file_lines(file: FileReport) -> list[str]:
    path = printable(file.path)
    lines = [f"{path}: error: {printable(text)}" for text in (file.error, *file.failures) if text is not None]
    lines.extend(_line(path, finding) for finding in file.findings)
    return lines


def _line(path: str, finding: Finding) -> str:
    first = finding.locations[0]
    # A line of a notebook's JSON is no place for a person.
    place = str(first.line) if first.line is not None and first.kind != "cell" else printable(first.ref)
    where = path if first.kind == "model" else f"{path}:{place}"
    return f"{where}: {finding.severity.word} {finding.code} {finding.name}: {shorten_names(finding.message)}"

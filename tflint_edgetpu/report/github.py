"""Annotations of GitHub Actions: one workflow command a finding.

Source: https://docs.github.com/actions/reference/workflow-commands.  ``%``, carriage return and line feed are
escaped everywhere, ``:`` and ``,`` in properties as well, so that no name in a model can end a command or
begin another.
"""

from __future__ import annotations

from ..lint.file_report import FileReport
from ..lint.finding import Finding, Severity
from .report import Report
from .summary import totals
from .text import printable, shorten_names

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


SEPARATOR = ""


def begin() -> str:
    return ""


def file_text(file: FileReport, look: object) -> str:
    """The commands, a line each."""
    problems = filter(None, (file.error, *file.failures))
    lines = [_command("error", file, 1, "tflint-edgetpu", problem) for problem in problems]
    lines.extend(_annotation(file, finding) for finding in file.findings)
    return "".join(f"{line}\n" for line in lines)


def end(report: Report, look: object) -> str:
    """The totals as a plain line."""
    return f"{totals(report)}\n"


def _annotation(file: FileReport, finding: Finding) -> str:
    parts = [shorten_names(finding.message)]
    if finding.cost:
        parts.append(f"Cost: {shorten_names(finding.cost)}")
    if finding.fix is not None:
        parts.append(f"Fix: {shorten_names(finding.fix.title)}")
    # A model has no lines; annotations want one.
    line = finding.locations[0].line or 1
    return _command(
        COMMANDS[finding.severity], file, line, f"{finding.code} {finding.name}", "\n".join(parts)
    )


def _command(command: str, file: FileReport, line: int, title: str, text: str) -> str:
    properties = f"file={_property(printable(file.path))},line={line},title={_property(printable(title))}"
    return f"::{command} {properties}::{_data(text)}"


def _data(text: str) -> str:
    lines = (printable(line) for line in text.split("\n"))
    return "%0A".join(line.replace("%", "%25").replace("\r", "%0D") for line in lines)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

"""The whole report of one run, file by file."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ...lint.file_report import FileReport
from ...lint.finding import Finding
from ...lint.quantization_kind import quantization_kind
from ...lint.wording import counted
from ..report import Report
from ..summary import statistics_lines
from ..text import printable
from . import closing, findings, header
from .interface import show_interface
from .layout import INDENT, hanging
from .style import DIM, Signs, signs


def show_summary(console: Console, report: Report) -> None:
    """Print what is to be said of all files together."""
    if len(report.files) > 1:
        console.print()
        _summary(console, report, signs(console))
    if report.statistics:
        console.print()
        for line in statistics_lines(report):
            console.print(Text(line))


def show_file(console: Console, file: FileReport, *, verbose: bool = False) -> None:
    """Print everything about one file; ``verbose`` gives infos in full."""
    sign = signs(console)
    header.title(console, file.path, sign)
    if file.error is not None:
        header.error_line(console, file.error)
        return
    if file.model is not None:
        kind = "compiled for the Edge TPU" if file.kind == "compiled" else quantization_kind(file.model)
        header.model_lines(console, file.model, kind, sign)
    if file.model is not None and file.placement is not None:
        header.placement_lines(console, file.placement, file.settings.target.name, sign)
    if file.observed is not None or file.kind in ("compiled", "log"):
        _compiler(console, file, sign)
    if file.script is not None:
        from .script import script_lines

        script_lines(console, file, sign)
    findings.show(console, file.findings, sign, verbose=verbose)
    for failure in file.failures:
        header.error_line(console, failure)
    if file.contract is not None:
        show_interface(console, file.contract, sign)
    console.print()
    total = closing.totals(file.findings, len(file.suppressed))
    advice = Text(printable(closing.advice(file.findings, file.placement)), style="bold")
    for line in (advice, Text(total, style=DIM)):
        hanging(console, Text(" " * INDENT), line)


def _compiler(console: Console, file: FileReport, sign: Signs) -> None:
    from . import compiler

    if file.observed is not None:
        several = file.settings.multiple_subgraphs
        compiler.observed_line(console, file.observed, predicted_several=several)
        return
    if file.compiled is not None:
        compiler.compiled_lines(console, file.compiled, sign)
    if file.log is not None:
        compiler.log_lines(console, file.log, sign)


def _summary(console: Console, report: Report, sign: Signs) -> None:
    """One line over all files, and the ones that could not be read by name."""
    header.title(console, counted(len(report.files), "file"), sign)
    every: list[Finding] = [finding for file in report.files for finding in file.findings]
    console.print(Text(f"  {closing.totals(every, sum(len(file.suppressed) for file in report.files))}"))
    unread = [file for file in report.files if file.error is not None]
    if unread:
        line = Text(f"  {counted(len(unread), 'file')} could not be read: ", style="red")
        line.append(", ".join(printable(file.path) for file in unread[:5]))
        if len(unread) > 5:
            line.append(f" and {len(unread) - 5} more")
        console.print(line)
    if any(file.kind == "compiled" for file in report.files):
        from . import compiler

        compiler.shared_lines(console, report.files)
    failing = sum(file.failing for file in report.files)
    if failing:
        console.print(Text(f"  {counted(failing, 'file')} with findings that fail the run", style="red"))

"""The report for a person: what is wrong, what it costs, how to fix it, what to do first."""

from __future__ import annotations

from ..report import Report
from ..reporter import Output


def write(report: Report, output: Output) -> None:
    """Write the report; colours only where the stream is a terminal or was asked to be coloured."""
    from rich.console import Console

    from .report import show_report

    console = Console(
        file=output.stream,
        width=output.width,
        force_terminal=True if output.color else None,
        no_color=True if output.color is False else None,
        highlight=False,
        emoji=False,
        markup=False,
    )
    show_report(report, console)

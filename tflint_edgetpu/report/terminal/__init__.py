"""The report for a person: what is wrong, what it costs, how to fix it, what to do first."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ...lint.file_report import FileReport
from ...model.record import NamedTuple
from ..report import Report
from ..reporter import Output

if TYPE_CHECKING:
    from typing import Any

    from rich.console import Console

SEPARATOR = "\n"


class Look(NamedTuple):
    """What the text depends on: the terminal's width, its colours, its letters."""

    width: int
    is_terminal: bool
    colors: str | None  # rich's name of a colour system
    encoding: str


def look_of(output: Output) -> Look:
    """Colours only where the stream is a terminal or was asked to be coloured."""
    from rich.console import Console

    console = Console(
        file=output.stream,
        width=output.width,
        force_terminal=True if output.color else None,
        no_color=True if output.color is False else None,
    )
    colors = None if console.no_color or console.legacy_windows else console.color_system
    return Look(console.width, console.is_terminal, colors, console.encoding)


def begin() -> str:
    return ""


def file_text(file: FileReport, look: object) -> str:
    """Everything about one file."""
    from .report import show_file

    console = _console(look)
    show_file(console, file)
    return _text(console)


def end(report: Report, look: object) -> str:
    """What is to be said of all files together."""
    from .report import show_summary

    console = _console(look)
    show_summary(console, report)
    return _text(console)


class _Stream(io.StringIO):
    """Collects text for a stream of another encoding."""

    encoding = "utf-8"


def _console(look: Any) -> Console:
    from rich.console import Console

    stream = _Stream()
    stream.encoding = look.encoding
    return Console(
        file=stream,
        width=look.width,
        force_terminal=look.is_terminal,
        color_system=look.colors,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        markup=False,
    )


def _text(console: Console) -> str:
    stream = console.file
    assert isinstance(stream, _Stream)
    return stream.getvalue()

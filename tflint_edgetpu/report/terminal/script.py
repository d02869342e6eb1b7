"""The first lines about a script or notebook: which converters it has, and what they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ...lint.finding import Severity
from ...lint.script_place import script_location
from ...lint.wording import counted
from ...script.quantization import INTEGER, described, is_integer, kind_of
from .layout import keyed
from .style import DIM, Signs

if TYPE_CHECKING:
    from ...lint.file_report import FileReport
    from ...script.script import Script

CONVERTERS_SHOWN = 4


def script_lines(console: Console, file: FileReport, signs: Signs) -> None:
    """What the file is, and a line a converter."""
    script = file.script
    if script is None:
        return
    conversions = script.conversions
    parts = [counted(len(conversions), "converter") if conversions else "no converter"]
    if script.kind == "notebook":
        parts.insert(0, counted(len(script.cells), "cell"))
    if script.exports:
        parts.append(counted(len(script.exports), "export"))
    rows = [("code", Text(f" {signs.dot} ".join(parts)))]
    for number, conversion in enumerate(conversions[:CONVERTERS_SHOWN]):
        line = Text(f"{script_location(script, conversion.span).ref}  ", style=DIM)
        line.append(described(conversion, script), style="default not dim")
        rows.append(("makes" if not number else "", line))
    if len(conversions) > CONVERTERS_SHOWN:
        rows.append(
            ("", Text(f"and {counted(len(conversions) - CONVERTERS_SHOWN, 'more converter')}", style=DIM))
        )
    verdict = _verdict(file, script)
    if verdict:
        rows.append(("", Text(verdict)))
    keyed(console, rows)


def _verdict(file: FileReport, script: Script) -> str:
    """Whether the conversion is right in the main, where that can be said."""
    if file.count(Severity.ERROR) or not any(kind_of(one, script) == INTEGER for one in script.conversions):
        return ""
    if not all(is_integer(one, script) for one in script.conversions):
        return ""
    if any((data := script.dataset(one)) and data.span for one in script.conversions):
        return "quantized to integers, as an Edge TPU needs it, but not calibrated with data"
    right = "basically right: calibrated and quantized to integers, as an Edge TPU needs it"
    return right if not file.findings else f"{right}; what follows is about the details"

"""The contract card: what goes in, what comes out, and the line of code for each."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from ..text import shorten
from .layout import hanging, paste
from .style import DIM, KEY, Signs
from .words import shape

SHORTEST_NAME = 16


def show_interface(console: Console, contract: Any, signs: Signs) -> None:
    """``contract`` is a :class:`tflint_edgetpu.lint.contract.Contract`."""
    console.print()
    console.print(Text("  interface", style="bold"))
    for word, sides in (("in", contract.inputs), ("out", contract.outputs)):
        for number, side in enumerate(sides):
            _line(console, word, number, side)
            if side.code:
                paste(console, side.code, signs, indent=2)


def _line(console: Console, word: str, number: int, side: Any) -> None:
    before = Text(f"  {word:<3} {number}  ", style=KEY)
    line = Text(f"{side.dtype.lower()} {shape(side.shape)}")
    if side.role:
        line.append(f"  {side.role}", style="cyan")
    if side.low is not None and side.high is not None:
        line.append(f"  {side.low:.6g} to {side.high:.6g}")
    width = max(console.width - before.cell_len - line.cell_len - 4, SHORTEST_NAME)
    line.append(f"  '{shorten(side.name, width)}'", style=DIM)
    hanging(console, before, line)

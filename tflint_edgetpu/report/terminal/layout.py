"""Lines with a key before them: ``cost    35 operators ...``, wrapped under the value."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .style import KEY, Signs

INDENT = 2
KEY_WIDTH = 8


def keyed(console: Console, rows: Iterable[tuple[str, Text]], indent: int = INDENT) -> None:
    """Print ``rows`` of (key, value); values wrap under themselves."""
    table = Table.grid(padding=0)
    table.add_column(width=indent)
    table.add_column(width=KEY_WIDTH, no_wrap=True)
    table.add_column(overflow="fold")
    for key, value in rows:
        table.add_row("", Text(key, style=KEY), value)
    console.print(table)


def paste(console: Console, text: str, signs: Signs, indent: int = INDENT) -> None:
    """Print lines to paste as they are: never wrapped, so that copying gives the line."""
    prefix = " " * (indent + KEY_WIDTH - 2)
    for line in text.splitlines():
        row = Text(prefix)
        row.append(f"{signs.code} ", style=KEY)
        row.append(line, style="green")
        console.print(row, soft_wrap=True)


def heading(console: Console, left: Text, right: Text) -> None:
    """``left`` and, at the right edge where there is room, ``right``."""
    gap = console.width - left.cell_len - right.cell_len
    if gap >= 2:
        console.print(Text.assemble(left, " " * gap, right), no_wrap=True, overflow="crop")
    else:
        console.print(left)

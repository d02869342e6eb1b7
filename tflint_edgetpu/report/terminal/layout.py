"""Lines with a key before them: ``cost    35 operators ...``, wrapped under the value."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from .style import KEY, Signs

INDENT = 2
KEY_WIDTH = 8


def hanging(console: Console, before: Text, value: Text) -> None:
    """Print ``value`` behind ``before``, wrapped under itself.

    No line ends in blanks, with which a table of rich's would fill it: reports are kept, compared and pasted.
    """
    indent = before.cell_len
    line = before.copy()
    for part in value.wrap(console, max(console.width - indent, 1), overflow="fold"):
        line.append_text(part)
        line.rstrip()
        console.print(line, soft_wrap=True)
        line = Text(" " * indent)


def keyed(console: Console, rows: Iterable[tuple[str, Text]], indent: int = INDENT) -> None:
    """Print ``rows`` of (key, value)."""
    for key, value in rows:
        hanging(console, Text(" " * indent).append(f"{key:<{KEY_WIDTH}}", style=KEY), value)


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
        hanging(console, Text(), left)

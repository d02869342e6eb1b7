"""What ``doctor`` found, for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..doctor.line import ABSENT, OK, PROBLEM, Line
from ..lint.wording import counted
from .text import printable

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA_VERSION = 1
_STYLE = {OK: "green", PROBLEM: "bold red", ABSENT: "yellow"}


def doctor_data(lines: Sequence[Line]) -> dict[str, Any]:
    """The JSON of a run."""
    return {
        "schema_version": SCHEMA_VERSION,
        "problems": sum(line.status == PROBLEM for line in lines),
        "lines": [line.to_dict() for line in lines],
    }


def show_doctor(console: Console, lines: Sequence[Line]) -> None:
    """One line a thing, its cure below it where there is something to do."""
    from rich.text import Text

    from .terminal.layout import hanging
    from .terminal.style import DIM, signs

    sign = signs(console)
    width = max((len(line.topic) for line in lines), default=0)
    indent = len(PROBLEM) + 2
    for line in lines:
        before = Text.assemble(
            (f"{line.status:<{len(PROBLEM)}}", _STYLE[line.status]), f"  {line.topic:<{width}}  "
        )
        text = Text(printable(line.text))
        if line.reference:
            text.append(f" [{printable(line.reference)}]", style=DIM)
        hanging(console, before, text)
        for command in line.cure.splitlines():
            row = Text(" " * indent).append(f"{sign.code} ", style=DIM)
            said = command.startswith("#")
            row.append(printable(command), style=DIM if said else "green")
            console.print(row, soft_wrap=True)
    problems = sum(line.status == PROBLEM for line in lines)
    console.print()
    if problems:
        console.print(Text(counted(problems, "problem"), style=_STYLE[PROBLEM]))
    else:
        console.print(Text("nothing is broken", style=_STYLE[OK]))

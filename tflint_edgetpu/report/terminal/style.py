"""Colours and signs, with plain ones for terminals that cannot show others."""

from __future__ import annotations

from rich.console import Console

from ...model.record import NamedTuple

SEVERITY = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}
DIM = "dim"
KEY = "dim"


class Signs(NamedTuple):
    """What a report draws with."""

    rule: str
    full: str
    empty: str
    dot: str
    code: str  # before a line to paste
    arrow: str


UNICODE = Signs("\u2500", "\u2588", "\u2591", "\u00b7", "\u2502", "\u2192")
ASCII = Signs("-", "#", ".", "-", "|", "->")


def signs(console: Console) -> Signs:
    encoding = (console.encoding or "ascii").lower()
    return UNICODE if encoding.startswith("utf") else ASCII

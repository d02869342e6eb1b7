"""Where a command prints a page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def page(color: str) -> Console:
    """A console on standard output; ``color`` is that of the option: auto, always or never."""
    from rich.console import Console

    return Console(
        force_terminal=True if color == "always" else None,
        no_color=True if color == "never" else None,
        highlight=False,
        emoji=False,
        markup=False,
    )

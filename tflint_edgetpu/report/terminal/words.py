"""Numbers and lists in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def size(number: float) -> str:
    """Bytes in the compiler's units: ``3.70MiB`` reads ``3.70 MiB``."""
    for unit in ("B", "KiB", "MiB"):
        if number < 1024:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.2f} {unit}"
        number /= 1024
    return f"{number:.2f} GiB"


def share(part: float) -> str:
    """0 to 1 as per cent; never 100% or 0% for what is only near it."""
    if 0 < part < 0.01:
        return "<1%"
    if 0.99 < part < 1:
        return ">99%"
    return f"{part:.0%}"


def shape(sizes: Iterable[int]) -> str:
    return "[" + ",".join("?" if size < 0 else str(size) for size in sizes) + "]"


def tally(kinds: Iterable[str], most: int = 4) -> str:
    """``14 CONV_2D, 4 RESHAPE and 3 others``: the most frequent first."""
    counted = Counter(kinds).most_common()
    shown = [f"{number} {kind}" for kind, number in counted[:most]]
    rest = sum(number for _, number in counted[most:])
    if rest:
        return f"{', '.join(shown)} and {rest} more"
    return ", ".join(shown)

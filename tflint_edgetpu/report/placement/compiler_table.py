"""What ``edgetpu_compiler`` would print: its operator table, in its columns and words, or why there is none."""

from __future__ import annotations

from collections import Counter

from ...edgetpu.placement import Placement
from ..text import printable

# Column widths read off operation logs of compilers 1.0 to 16.0.
OPERATOR, COUNT = 31, 11


def refusal(placement: Placement) -> str | None:
    """What it prints in the place of the table, and why; ``None`` where it takes the file."""
    compiles = placement.compiles
    if not compiles.is_refused:
        return None
    return (
        "edgetpu_compiler prints no table for this file and maps nothing. It stops with:\n\n"
        f"{printable(compiles.error or '')}\n\n"
        f"because {printable(compiles.reason or '')} ({compiles.certainty}). If it took the file:"
    )


def compiler_table(placement: Placement) -> str:
    """One row for each pair of operator and status. The compiler prints them in hash order; here they
    stand in the order in which the operators come, mapped ones first."""
    rows = Counter((placed.operator.kind, placed.status) for placed in placement.operators)
    lines = [f"{'Operator':<{OPERATOR}}{'Count':<{COUNT}}Status", ""]
    order = {kind: index for index, kind in enumerate(dict.fromkeys(kind for kind, _ in rows))}
    mapped = {"Mapped to Edge TPU": 0}
    for kind, status in sorted(rows, key=lambda row: (order[row[0]], mapped.get(row[1], 1), row[1])):
        lines.append(f"{kind:<{OPERATOR}}{rows[kind, status]:<{COUNT}}{status}")
    return "\n".join(lines)

"""One line an operator, for a spreadsheet."""

from __future__ import annotations

import csv
import io

from ...edgetpu.placement import Placement
from ..text import printable

HEADER = ("ref", "operator", "version", "output", "on", "role", "status", "reason", "certainty", "macs")


def placement_csv(placement: Placement) -> str:
    """RFC 4180 with a header line. Cells that a spreadsheet would take for a formula are quoted."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for placed in placement.operators:
        operator = placed.operator
        name = operator.outputs[0].name if operator.outputs else ""
        writer.writerow(
            [
                operator.ref,
                _cell(operator.label),
                operator.version,
                _cell(name),
                placed.on,
                placed.role,
                placed.status,
                _cell(placed.reason or ""),
                placed.certainty,
                placed.macs,
            ]
        )
    return stream.getvalue()


def _cell(text: str) -> str:
    text = printable(text)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text

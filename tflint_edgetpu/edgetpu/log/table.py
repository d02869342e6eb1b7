"""What the rows of one operator table mean together: victims, culprits, and the usual ends of a model."""

from __future__ import annotations

from collections.abc import Iterable

from ..support.constraint import Status
from .result import LoggedModel, LogRow

# How likely a refused operator of the middle of a model has cut the rest off, lower is likelier. An
# explicit reason is that of a real operator; 'unspecified' is also what a float QUANTIZE at an end prints.
_EXPLICIT, _TYPE, _UNSPECIFIED, _QUANTIZE = range(4)


class TableReading:
    """The rows of one model, sorted by what they have to do with the operators left on the CPU."""

    def __init__(self, logged: LoggedModel) -> None:
        self.logged = logged
        rows = logged.rows
        self.mapped = [row for row in rows if row.is_mapped]
        self.victims = [row for row in rows if row.status == Status.MORE_THAN_ONE_SUBGRAPH]
        refused = [row for row in rows if not row.is_mapped and row.status != Status.MORE_THAN_ONE_SUBGRAPH]
        self.ends = [row for row in refused if _is_end(row)]
        self.breakers = sorted((row for row in refused if not _is_end(row)), key=_suspicion)

    @property
    def likely_breakers(self) -> list[LogRow]:
        """The breakers that are likeliest to have cut off the victims."""
        return [row for row in self.breakers if _suspicion(row) == _suspicion(self.breakers[0])]

    @property
    def victims_count(self) -> int:
        return total(self.victims)

    @property
    def only_ends(self) -> bool:
        """Whether nothing but the usual ends stays on the CPU."""
        return bool(self.ends) and not self.victims and not self.breakers and bool(self.mapped)

    def refused_with(self, status: str) -> list[LogRow]:
        """The rows with ``status`` that are no usual end."""
        return [row for row in self.breakers if row.status == status]

    @property
    def has_detection(self) -> bool:
        """Whether a custom operator prints what TFLite_Detection_PostProcess prints. The log gives no name."""
        return any(row.operator == "CUSTOM" and row.status == Status.DATA_TYPE for row in self.logged.rows)


def _is_end(row: LogRow) -> bool:
    """Whether the row is what any model of its kind leaves on the CPU: a DEQUANTIZE, a custom operator
    that works on float, the one QUANTIZE of a float input. See :mod:`tflint_edgetpu.edgetpu.tail`.
    """
    if row.operator == "DEQUANTIZE":
        return True
    if row.operator == "CUSTOM":
        return row.status == Status.DATA_TYPE and row.count == 1
    return row.operator == "QUANTIZE" and row.status == Status.UNSPECIFIED and row.count == 1


def _suspicion(row: LogRow) -> int:
    if row.status == Status.UNSPECIFIED:
        return _QUANTIZE if row.operator == "QUANTIZE" else _UNSPECIFIED
    return _TYPE if row.status == Status.DATA_TYPE else _EXPLICIT


def total(rows: Iterable[LogRow]) -> int:
    return sum(row.count for row in rows)


def row_names(rows: Iterable[LogRow]) -> str:
    """``PACK x4, RESHAPE``: the operators of ``rows``, those of one kind together."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.operator] = counts.get(row.operator, 0) + row.count
    return ", ".join(kind if count == 1 else f"{kind} x{count}" for kind, count in counts.items())

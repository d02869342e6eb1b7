"""What the real compiler did, as data, and the limits that follow from it.

A limit is never a number on its own: it is a measure (bytes on a tile, pixels of a window), the cases in
which the compiler was seen to map or to refuse, and, where one is known, the number of the hardware that
explains them.  Cases carry the family of models they come from, so that a benchmark can take one family's
cases away and ask what the table would have said without ever having seen it.
"""

from __future__ import annotations

from collections.abc import Callable

from ...model.record import NamedTuple
from ..tiles import Shape


class Case(NamedTuple):
    """One operator as the real compiler treated it."""

    kind: str
    mapped: bool
    inputs: tuple[Shape, ...]  # activations only
    outputs: tuple[Shape, ...]
    family: str  # as the corpus groups models; the kind of net for a public log
    where: str

    @property
    def text(self) -> str:
        """``RESHAPE [1, 2] -> [2] (where)``."""
        shapes = (", ".join(str(list(shape)) for shape in side) for side in (self.inputs, self.outputs))
        return f"{self.kind} {' -> '.join(shapes)} ({self.where})"


Measure = Callable[[tuple[Shape, ...], tuple[Shape, ...]], int]


class Within(NamedTuple):
    """An amount against a limit: no larger than what was seen mapped, no smaller than what was seen refused,
    or in the grey zone between them, where ``refused`` is the better guess."""

    refused: bool
    is_grey: bool
    largest_mapped: int | None
    smallest_refused: int | None

    def explain(self, unit: str, boundary: int | None) -> str:
        """The numbers of the zone, for a person."""
        parts = []
        if boundary is not None:
            parts.append(f"{boundary:,} {unit} fit")
        if self.largest_mapped is not None:
            parts.append(f"largest seen mapped {self.largest_mapped:,}")
        if self.smallest_refused is not None:
            parts.append(f"smallest seen refused {self.smallest_refused:,}")
        return ", ".join(parts)


class Band:
    """A size limit: cases, and the hardware's number that explains them, if any is known."""

    __slots__ = ("_known", "boundary", "cases", "measure", "unit")

    def __init__(
        self, measure: Measure, unit: str, cases: tuple[Case, ...], boundary: int | None = None
    ) -> None:
        self.measure = measure
        self.unit = unit
        self.cases = cases
        self.boundary = boundary
        self._known: dict[frozenset[str], tuple[int | None, int | None]] = {}

    def locate(self, amount: int, held_out: frozenset[str] = frozenset()) -> Within:
        """Where ``amount`` lies, with the cases of the families ``held_out`` left aside.

        In the grey zone the hardware's number decides; without one, the geometric middle of the two seen
        amounts; with nothing seen refused, it maps.
        """
        mapped, refused = self._seen(held_out)
        if mapped is not None and amount <= mapped:
            return Within(False, False, mapped, refused)
        if refused is not None and amount >= refused:
            return Within(True, False, mapped, refused)
        if self.boundary is not None:
            return Within(amount > self.boundary, True, mapped, refused)
        if refused is None:
            return Within(False, True, mapped, refused)
        return Within(amount * amount > refused * (mapped or 1), True, mapped, refused)

    def _seen(self, held_out: frozenset[str]) -> tuple[int | None, int | None]:
        found = self._known.get(held_out)
        if found is None:
            amounts: dict[bool, list[int]] = {True: [], False: []}
            for case in self.cases:
                if case.family not in held_out:
                    amounts[case.mapped].append(self.measure(case.inputs, case.outputs))
            found = self._known[held_out] = (
                max(amounts[True], default=None),
                min(amounts[False], default=None),
            )
        return found


def is_known(cases: tuple[Case, ...], held_out: frozenset[str]) -> bool:
    """Whether a case is left once the families ``held_out`` are taken away."""
    return any(case.family not in held_out for case in cases)

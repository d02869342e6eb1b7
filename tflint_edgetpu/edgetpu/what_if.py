"""What would map if some of the refused operators were mended, and which ones are worth it.

A *break* is a group of refused operators that feed each other: PACK, PACK, RESHAPE of an upsampling, or
the DEQUANTIZE, CAST, QUANTIZE of a float island.  Breaks with the same kinds and reasons have one *cause*.
All of it costs a few walks over the graph, however many breaks there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from functools import cached_property

from ..model.dataflow import Dataflow
from ..model.graph import Operator
from ..model.record import NamedTuple
from .placement import Placement

STEPS = 8  # of a plan: nobody mends more at once, and each costs a walk over the graph


class Break(NamedTuple):
    """Refused operators that feed each other, in file order."""

    operators: tuple[Operator, ...]
    cause: tuple[tuple[str, str | None], ...]  # their kinds and the constraints that refused them


class Repair(NamedTuple):
    """Some refused operators, and where all operators would run if these were not refused."""

    operators: tuple[Operator, ...]
    mapped: int  # operators on the Edge TPU
    macs: int  # their multiply-accumulates
    share: float  # of the arithmetic of the model, of its operators where it has none


class WhatIf:
    """Answers for one placement.

    Two parts of the graph are never counted as breaks because nothing is lost by them:
    :attr:`Placement.leading` and :attr:`Placement.tail`.
    """

    def __init__(self, placement: Placement, dataflow: Dataflow) -> None:
        self.placement = placement
        self._dataflow = dataflow
        self._mapped = frozenset(placed.operator for placed in placement.operators if placed.on == "edgetpu")

    @cached_property
    def now(self) -> Repair:
        return self._repair((), self._mapped, Repair((), 0, 0, 0.0))

    @cached_property
    def breaks(self) -> tuple[Break, ...]:
        """The groups of refused operators that keep others, or arithmetic of their own, off the Edge TPU,
        in file order.
        """
        found = []
        for group in self._dataflow.groups(self._needed):
            cause = {(member.label, self.placement.of(member).constraint) for member in group}
            found.append(Break(tuple(group), tuple(sorted(cause, key=str))))
        return tuple(found)

    @cached_property
    def causes(self) -> tuple[tuple[Break, ...], ...]:
        """The breaks, those of one cause together, in file order."""
        groups: dict[tuple[tuple[str, str | None], ...], list[Break]] = {}
        for broken in self.breaks:
            groups.setdefault(broken.cause, []).append(broken)
        return tuple(map(tuple, groups.values()))

    def mended(self, breaks: Iterable[Break]) -> Repair:
        """Where the operators would run if all of ``breaks`` and nothing else were mended."""
        return self._mended(operator for broken in breaks for operator in broken.operators)

    @cached_property
    def smallest(self) -> Repair:
        """The fewest refused operators whose repair maps every operator that is fine by itself and all
        arithmetic.

        There is exactly one such set, so nothing has to be searched: an operator runs on the Edge TPU
        exactly if no refused operator stands before it.
        """
        return self._mended(self._needed)

    @cached_property
    def plan(self) -> tuple[Repair, ...]:
        """Causes to mend one after the other, the one that gains most first; each step includes those
        before it. At most :data:`STEPS` steps.
        """
        steps: list[Repair] = []
        done: dict[Operator, None] = {}
        mapped = self._mapped
        rest = [tuple(operator for broken in cause for operator in broken.operators) for cause in self.causes]
        while rest and len(steps) < STEPS:
            # What was mended before counts as supported from now on, also where it is only reached later.
            gains = [self._gain(mapped, operators, done.keys()) for operators in rest]
            best = max(range(len(rest)), key=lambda number: (self._macs(gains[number]), len(gains[number])))
            done.update(dict.fromkeys(rest.pop(best)))
            mapped = mapped.union(gains[best])
            steps.append(self._repair(tuple(done), gains[best], steps[-1] if steps else self.now))
        return tuple(steps)

    @cached_property
    def _needed(self) -> tuple[Operator, ...]:
        """Every refused operator that a blocked operator or arithmetic waits for, in file order."""
        placement = self.placement
        lost = [
            placed.operator
            for placed in placement.operators
            if (placed.role == "blocked" or (placed.role == "breaker" and placed.macs))
            and placed.operator not in placement.tail
            and placed.operator not in placement.leading
        ]
        needed = self._dataflow.upstream(lost).union(lost)
        return tuple(
            placed.operator
            for placed in placement.operators
            if placed.role == "breaker"
            and placed.operator in needed
            and placed.operator not in placement.tail
            and placed.operator not in placement.leading
        )

    def _gain(
        self, mapped: frozenset[Operator], repaired: Iterable[Operator], earlier: Set[Operator] = frozenset()
    ) -> list[Operator]:
        if self.placement.multiple_subgraphs:  # whatever is supported runs there, wherever it stands
            return [operator for operator in repaired if operator not in mapped]
        return self.placement.grown(mapped, set(repaired), earlier)

    def _mended(self, operators: Iterable[Operator]) -> Repair:
        repaired = tuple(operators)
        return self._repair(repaired, self._gain(self._mapped, repaired), self.now)

    def _macs(self, operators: Iterable[Operator]) -> int:
        return sum(self.placement.of(operator).macs for operator in operators)

    def _repair(
        self, operators: tuple[Operator, ...], gained: Collection[Operator], before: Repair
    ) -> Repair:
        """``before`` with what ``gained`` adds."""
        mapped, macs = before.mapped + len(gained), before.macs + self._macs(gained)
        total = self.placement.macs
        share = macs / total if total else mapped / max(1, len(self.placement.operators))
        return Repair(operators, mapped, macs, share)

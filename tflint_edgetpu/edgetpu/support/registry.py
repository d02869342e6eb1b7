"""All constraints in the order in which the compiler tests them, and the verdict on one operator."""

from __future__ import annotations

from collections.abc import Iterable

from ...model.graph import Operator
from ...model.record import NamedTuple
from ..target import Target
from . import (
    arrangement,
    constants,
    convolution,
    dense,
    elementwise,
    operators,
    rank,
    reduction,
    relayout,
    types,
    versions,
)
from .constraint import Constraint, Facts, Grey, Status

# The compiler reports the first test that fails. Its order was read off logs: a float RESHAPE of six
# dimensions prints the rank (google-coral/edgetpu issue 708) and so does a DEQUANTIZE of a filter, so ranks
# come before types; an operator outside the table that works on float prints the data type (CAST, EQUAL in
# 32 rows of 8 logs), so types come before the table; a TRANSPOSE_CONV whose filter is computed and has four
# dimensions prints that the filter is not constant (issue 684). What comes later was never seen together.
BUILT_IN: tuple[Constraint, ...] = (
    *rank.CONSTRAINTS,
    *types.CONSTRAINTS,
    *operators.CONSTRAINTS,
    *versions.CONSTRAINTS,
    *constants.CONSTRAINTS,
    *convolution.CONSTRAINTS,
    *dense.CONSTRAINTS,
    *elementwise.CONSTRAINTS,
    *reduction.CONSTRAINTS,
    *arrangement.CONSTRAINTS,
    *relayout.CONSTRAINTS,
)


class Verdict(NamedTuple):
    """What the Edge TPU makes of one operator, its neighbours not considered."""

    supported: bool
    status: str  # the compiler's words
    reason: str | None  # ours; for a supported operator in a grey zone, what makes it uncertain
    certainty: str
    constraint: Constraint | None


# Kinds seen on the Edge TPU are measured, the others of Coral's table only documented.
MEASURED = Verdict(True, Status.MAPPED, None, "measured", None)
DOCUMENTED = Verdict(True, Status.MAPPED, None, "documented", None)


class SupportTable:
    """The constraints, indexed by operator kind."""

    def __init__(self, extra: Iterable[Constraint] = ()) -> None:
        self.constraints = (*BUILT_IN, *extra)
        self._by_kind: dict[tuple[str, Target], tuple[Constraint, ...]] = {}

    def constraints_of(self, kind: str, target: Target) -> tuple[Constraint, ...]:
        """The constraints that hold for an operator of this kind, in the order of the compiler's tests."""
        found = self._by_kind.get((kind, target))
        if found is None:
            found = tuple(
                rule
                for rule in self.constraints
                if rule.holds_for(target) and (not rule.operators or kind in rule.operators)
            )
            self._by_kind[kind, target] = found
        return found

    def judge(self, operator: Operator, facts: Facts) -> Verdict:
        """The first constraint the operator breaks decides; a grey zone on the good side leaves a doubt."""
        doubt: Verdict | None = None
        for rule in self.constraints_of(operator.kind, facts.target):
            seen = rule.check(operator, facts)
            if seen is None:
                continue
            if isinstance(seen, Grey):
                if not seen.refused:
                    doubt = doubt or Verdict(True, Status.MAPPED, seen.seen, "guess", rule)
                    continue
                return Verdict(False, rule.status, seen.seen, "guess", rule)
            return Verdict(False, rule.status, seen, rule.source.certainty, rule)
        return doubt or (MEASURED if operator.kind in versions.SEEN_MAPPED else DOCUMENTED)

"""All constraints in the order in which the compiler tests them, and the verdict on one operator."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ...model.graph import Operator
from . import operators, rank, types
from .constraint import Constraint, Facts, Grey, Status

# The compiler reports the first test that fails. Its order was read off logs: an operator outside the
# table that works on float prints the data type (CAST, EQUAL in 32 rows of 8 logs), so types come first.
BUILT_IN: tuple[Constraint, ...] = (*types.CONSTRAINTS, *operators.CONSTRAINTS, *rank.CONSTRAINTS)


class Verdict(NamedTuple):
    """What the Edge TPU makes of one operator, its neighbours not considered."""

    supported: bool
    status: str  # the compiler's words
    reason: str | None  # ours; for a supported operator in a grey zone, what makes it uncertain
    certainty: str
    constraint: Constraint | None


SUPPORTED = Verdict(True, Status.MAPPED, None, "measured", None)


class SupportTable:
    """The constraints, indexed by operator kind."""

    def __init__(self, extra: Iterable[Constraint] = ()) -> None:
        self.constraints = (*BUILT_IN, *extra)
        self._by_kind: dict[str, tuple[Constraint, ...]] = {}

    def constraints_of(self, kind: str) -> tuple[Constraint, ...]:
        found = self._by_kind.get(kind)
        if found is None:
            found = tuple(c for c in self.constraints if not c.operators or kind in c.operators)
            self._by_kind[kind] = found
        return found

    def judge(self, operator: Operator, facts: Facts) -> Verdict:
        """The first constraint the operator breaks decides."""
        doubt: Verdict | None = None
        for rule in self.constraints_of(operator.kind):
            if not rule.holds_for(facts.target):
                continue
            seen = rule.check(operator, facts)
            if seen is None:
                continue
            if isinstance(seen, Grey):
                if not seen.refused:
                    doubt = doubt or Verdict(True, Status.MAPPED, seen.seen, "guess", rule)
                    continue
                return Verdict(False, rule.status, seen.seen, "guess", rule)
            return Verdict(False, rule.status, seen, rule.source.certainty, rule)
        return doubt or SUPPORTED

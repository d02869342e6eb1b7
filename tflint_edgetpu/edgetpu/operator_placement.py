"""The verdict on one operator."""

from __future__ import annotations

from ..model.graph import Operator
from ..model.record import NamedTuple


class OperatorPlacement(NamedTuple):
    """Where one operator of the main subgraph runs."""

    operator: Operator
    on: str  # edgetpu or cpu
    role: str  # mapped; breaker: refused on its own account; blocked: supported, but behind a breaker
    status: str  # what the compiler prints
    reason: str | None
    certainty: str
    macs: int
    constraint: str | None  # the slug of the constraint that decided

"""Where every operator runs: the verdict on each operator, then the partition.

This is always our prediction; what a compiler's log or a compiled file says is never mixed into it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator
from .cost import multiply_accumulates
from .partition import partition
from .support.constraint import Facts, Status
from .support.registry import SupportTable, Verdict
from .target import DEFAULT_TARGET, Target


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


class Loss(NamedTuple):
    """What some operators cost by not running on the Edge TPU."""

    blocked: tuple[Operator, ...]  # supported operators that would run there if these did
    macs: int  # their own multiply-accumulates and those of the blocked ones
    share: float  # of the model's, 0 to 1


class Placement:
    """The prediction for one model."""

    def __init__(
        self,
        dataflow: Dataflow,
        verdicts: dict[Operator, Verdict],
        *,
        multiple_subgraphs: bool,
    ) -> None:
        self._dataflow = dataflow
        self._verdicts = verdicts
        self.multiple_subgraphs = multiple_subgraphs
        self._macs = {operator: multiply_accumulates(operator) for operator in dataflow.subgraph.operators}
        self.subsets = partition(dataflow, lambda operator: verdicts[operator].supported)
        mapped = self._mapped(self.subsets)
        self.operators = tuple(self._place(operator, mapped) for operator in dataflow.subgraph.operators)
        self._by_operator = {placed.operator: placed for placed in self.operators}

    def _mapped(self, subsets: list[tuple[bool, list[Operator]]]) -> set[Operator]:
        """The Edge TPU gets the first supported subset; with several subgraphs enabled, all of them."""
        chosen = [operators for supported, operators in subsets if supported]
        return {operator for subset in (chosen if self.multiple_subgraphs else chosen[:1]) for operator in subset}

    def _place(self, operator: Operator, mapped: set[Operator]) -> OperatorPlacement:
        verdict = self._verdicts[operator]
        slug = verdict.constraint.slug if verdict.constraint else None
        if operator in mapped:
            on, role, status = "edgetpu", "mapped", Status.MAPPED
        elif verdict.supported:
            on, role, status = "cpu", "blocked", Status.MORE_THAN_ONE_SUBGRAPH
        else:
            on, role, status = "cpu", "breaker", verdict.status
        return OperatorPlacement(
            operator, on, role, status, verdict.reason, verdict.certainty, self._macs[operator], slug
        )

    def of(self, operator: Operator) -> OperatorPlacement:
        """The placement of an operator of the main subgraph; raises KeyError for any other."""
        return self._by_operator[operator]

    @property
    def edgetpu(self) -> int:
        return sum(placed.on == "edgetpu" for placed in self.operators)

    @property
    def cpu(self) -> int:
        return len(self.operators) - self.edgetpu

    @property
    def macs(self) -> int:
        return sum(self._macs.values())

    @property
    def macs_edgetpu(self) -> int:
        return sum(placed.macs for placed in self.operators if placed.on == "edgetpu")

    @property
    def share(self) -> float:
        """Share of the arithmetic on the Edge TPU; of the operators where there is no arithmetic."""
        if self.macs:
            return self.macs_edgetpu / self.macs
        return self.edgetpu / len(self.operators) if self.operators else 0.0

    @property
    def breakers(self) -> tuple[OperatorPlacement, ...]:
        return tuple(placed for placed in self.operators if placed.role == "breaker")

    def mapped_if_repaired(self, repaired: Collection[Operator]) -> set[Operator]:
        """The operators that would run on the Edge TPU if it supported ``repaired`` too."""
        fixed = frozenset(repaired)
        return self._mapped(
            partition(self._dataflow, lambda operator: operator in fixed or self._verdicts[operator].supported)
        )

    def loss(self, operators: Iterable[Operator]) -> Loss:
        """What ``operators`` cost together: they themselves and what only they keep off the Edge TPU."""
        own = [operator for operator in operators if self._by_operator[operator].on == "cpu"]
        gained = self.mapped_if_repaired(own)
        blocked = tuple(
            placed.operator
            for placed in self.operators
            if placed.role == "blocked" and placed.operator in gained
        )
        macs = sum(self._macs[operator] for operator in (*own, *blocked))
        return Loss(blocked, macs, macs / self.macs if self.macs else 0.0)


def place_model(
    model: Model,
    *,
    target: Target = DEFAULT_TARGET,
    table: SupportTable | None = None,
    dataflow: Dataflow | None = None,
    multiple_subgraphs: bool = False,
) -> Placement:
    """Predict the placement of the main subgraph; the compiler does not look at any other."""
    table = table or SupportTable()
    facts = Facts(model, target)
    verdicts = {operator: table.judge(operator, facts) for operator in model.main.operators}
    return Placement(dataflow or Dataflow(model.main), verdicts, multiple_subgraphs=multiple_subgraphs)

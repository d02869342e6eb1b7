"""Where every operator runs: the verdict on each operator, then the partition.

This is always our prediction; what a compiler's log or a compiled file says is never mixed into it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from functools import cached_property

from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator, Tensor
from ..model.record import NamedTuple
from .compiles import Compiles, judge_compilation
from .cost import Cost, cost_of, multiply_accumulates
from .memory import Memory, estimate_memory
from .operator_placement import OperatorPlacement
from .partition import partition
from .support.constraint import Facts, Status
from .support.registry import SupportTable, Verdict
from .tail import cpu_entry, cpu_tail
from .target import DEFAULT_TARGET, Target


class Loss(NamedTuple):
    """What some operators cost by not running on the Edge TPU."""

    blocked: tuple[Operator, ...]  # supported operators on the CPU that depend on them, the CPU tail aside
    macs: int  # their own multiply-accumulates and those of the blocked ones
    share: float  # of the model's, 0 to 1
    regained: tuple[Operator, ...]  # the blocked ones that nothing else keeps off the Edge TPU


class Placement:
    """The prediction for one model."""

    def __init__(
        self,
        dataflow: Dataflow,
        verdicts: dict[Operator, Verdict],
        *,
        multiple_subgraphs: bool,
        facts: Facts | None = None,
        cut: Set[Operator] = frozenset(),
    ) -> None:
        """``cut`` are operators behind the tensors where the compiler was told to stop."""
        self._dataflow = dataflow
        self._verdicts = verdicts
        self._facts = facts
        self._cut = cut
        self.multiple_subgraphs = multiple_subgraphs
        self._macs = {operator: multiply_accumulates(operator) for operator in dataflow.subgraph.operators}
        self.subsets = partition(
            dataflow, lambda operator: verdicts[operator].supported and operator not in cut
        )
        self._mapped_operators = mapped = self._mapped(self.subsets)
        self.operators = tuple(self._place(operator, mapped) for operator in dataflow.subgraph.operators)
        self._by_operator = {placed.operator: placed for placed in self.operators}

    def _mapped(self, subsets: list[tuple[bool, list[Operator]]]) -> set[Operator]:
        """The Edge TPU gets the first supported subset; with several subgraphs enabled, all of them."""
        chosen = [operators for supported, operators in subsets if supported]
        if not self.multiple_subgraphs:
            del chosen[1:]
        return {operator for subset in chosen for operator in subset}

    @cached_property
    def compiles(self) -> Compiles:
        """Whether a compilation ends with a compiled model, and the line it would print otherwise."""
        facts = self._known_facts()
        return judge_compilation(facts.model, facts.target, self._dataflow, self.operators)

    @cached_property
    def memory(self) -> Memory:
        """Parameters cached and streamed, and activations, of the operators on the Edge TPU."""
        mapped = (placed.operator for placed in self.operators if placed.on == "edgetpu")
        return estimate_memory(self._known_facts().model, self._dataflow, mapped)

    def cost(self, operator: Operator) -> Cost:
        """Multiply-accumulates and bytes of an operator of the main subgraph."""
        return cost_of(operator, self._known_facts().model)

    def _known_facts(self) -> Facts:
        if self._facts is None:
            raise ValueError("this placement was made of verdicts alone: there is no model to look at")
        return self._facts

    def is_constant(self, tensor: Tensor) -> bool:
        """Whether the model holds the tensor's value."""
        return self._known_facts().model.is_constant(tensor)

    @cached_property
    def tail(self) -> frozenset[Operator]:
        """What stays on the CPU in any model of its kind, see :mod:`.tail`."""
        return cpu_tail(self._dataflow)

    @cached_property
    def entry(self) -> frozenset[Operator]:
        """The QUANTIZEs from a float input, which never map either."""
        return cpu_entry(self._dataflow)

    @cached_property
    def leading(self) -> frozenset[Operator]:
        """Refused operators that run before the Edge TPU starts and so cut nothing off."""
        first = self.subsets[0] if self.subsets else (True, [])
        return frozenset() if first[0] else frozenset(first[1])

    def _place(self, operator: Operator, mapped: set[Operator]) -> OperatorPlacement:
        verdict = self._verdicts[operator]
        slug = verdict.constraint.slug if verdict.constraint else None
        if operator in mapped:
            on, role, status = "edgetpu", "mapped", Status.MAPPED
        elif verdict.supported:
            on, role, status = "cpu", "blocked", Status.MORE_THAN_ONE_SUBGRAPH
            if operator in self._cut:
                verdict = verdict._replace(
                    reason="it depends on an intermediate tensor where the compiler stops"
                )
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

    @cached_property
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

    def mapped_if(
        self, *, repaired: Collection[Operator] = (), refused: Collection[Operator] = ()
    ) -> set[Operator]:
        """The operators that would run on the Edge TPU if it supported ``repaired`` and not ``refused``."""
        fixed, broken = frozenset(repaired), frozenset(refused).union(self._cut)

        def is_supported(operator: Operator) -> bool:
            return operator not in broken and (operator in fixed or self._verdicts[operator].supported)

        return self._mapped(partition(self._dataflow, is_supported))

    def grown(
        self, mapped: Set[Operator], repaired: Set[Operator], earlier: Set[Operator] = frozenset()
    ) -> list[Operator]:
        """What joins the operators ``mapped`` on the Edge TPU once it supports ``repaired`` as well;
        ``earlier`` it supported already when ``mapped`` was computed.

        The same answer as :meth:`mapped_if` at the cost of what is gained, provided that none of the
        repaired operators is in :attr:`leading` and that only one subgraph is compiled.
        """
        gained: list[Operator] = []
        done: set[Operator] = set()
        todo = sorted(repaired, key=lambda operator: -operator.index)
        while todo:
            operator = todo.pop()
            if operator in done or operator in mapped or operator in self.leading or operator in self._cut:
                continue
            is_mended = operator in repaired or operator in earlier
            if not is_mended and not self._verdicts[operator].supported:
                continue
            if all(
                other in mapped or other in done or other in self.leading
                for other in self._dataflow.predecessors(operator)
            ):
                done.add(operator)
                gained.append(operator)
                todo.extend(self._dataflow.successors(operator))
        return gained

    def loss(self, operators: Iterable[Operator]) -> Loss:
        """What ``operators`` cost together: they themselves and what lies behind them. The cost is that of
        what lies behind."""
        own = [operator for operator in operators if self._by_operator[operator].on == "cpu"]
        behind = self._dataflow.downstream(operator for operator in own if operator not in self.leading)
        lost = [op for op in behind if self._by_operator[op].role == "blocked" and op not in self.tail]
        blocked = tuple(sorted(lost, key=lambda operator: operator.index))
        macs = sum(self._macs[operator] for operator in (*own, *blocked))
        gained = self._regained(own) if blocked else set()
        regained = tuple(operator for operator in blocked if operator in gained)
        return Loss(blocked, macs, macs / self.macs if self.macs else 0.0, regained)

    def _regained(self, repaired: list[Operator]) -> Set[Operator]:
        if self.multiple_subgraphs or not self.leading.isdisjoint(repaired) or not self._mapped_operators:
            return self.mapped_if(repaired=repaired)
        return set(self.grown(self._mapped_operators, set(repaired)))


def place_model(
    model: Model,
    *,
    target: Target = DEFAULT_TARGET,
    table: SupportTable | None = None,
    dataflow: Dataflow | None = None,
    multiple_subgraphs: bool = False,
    intermediate_tensors: Collection[str] = (),
    held_out: frozenset[str] = frozenset(),
) -> Placement:
    """Predict the placement of the main subgraph; the compiler does not look at any other.

    ``multiple_subgraphs`` is the compiler's ``-a``, ``intermediate_tensors`` its ``-i``: names of tensors
    behind which nothing is compiled; raises ValueError for a name that no tensor has.  ``held_out`` names
    families of models whose evidence is left aside.
    """
    table = table or SupportTable()
    dataflow = dataflow or Dataflow(model.main)
    facts = Facts(model, target, held_out)
    verdicts = {operator: table.judge(operator, facts) for operator in model.main.operators}
    cut = _behind(intermediate_tensors, dataflow) if intermediate_tensors else frozenset()
    return Placement(dataflow, verdicts, multiple_subgraphs=multiple_subgraphs, facts=facts, cut=cut)


def _behind(names: Collection[str], dataflow: Dataflow) -> frozenset[Operator]:
    by_name = {tensor.name: tensor for tensor in dataflow.subgraph.tensors}
    readers: list[Operator] = []
    for name in names:
        if name not in by_name:
            raise ValueError(f"no tensor is called '{name}'")
        readers.extend(dataflow.consumers(by_name[name]))
    return frozenset(dataflow.downstream(readers).union(readers))

"""All that a rule may ask about the file under examination. Analyses are computed on first use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from ..edgetpu.placement import Loss, OperatorPlacement, Placement, place_model
from ..edgetpu.support.constraint import Facts
from ..edgetpu.support.registry import SupportTable
from ..edgetpu.target import DEFAULT_TARGET, Target
from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator, Tensor
from .finding import Severity


class Context:
    """The model, the target, and the analyses. One for each file; rules never change it."""

    def __init__(
        self,
        model: Model,
        *,
        target: Target = DEFAULT_TARGET,
        consumer: str | None = None,
        multiple_subgraphs: bool = False,
        table: SupportTable | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.model = model
        self.target = target
        self.consumer = consumer  # pycoral or frigate: the program that will read the outputs
        self.multiple_subgraphs = multiple_subgraphs
        self.options = options or {}
        self.table = table or SupportTable()
        self._explained: set[Operator] = set()

    @cached_property
    def dataflow(self) -> Dataflow:
        """Of the main subgraph."""
        return Dataflow(self.model.main)

    @cached_property
    def placement(self) -> Placement:
        return place_model(
            self.model,
            target=self.target,
            table=self.table,
            dataflow=self.dataflow,
            multiple_subgraphs=self.multiple_subgraphs,
        )

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.model, self.target)

    @cached_property
    def is_compiled(self) -> bool:
        """Whether edgetpu_compiler already made this file: most rules have nothing to say about it."""
        return any(code.custom_code == "edgetpu-custom-op" for code in self.model.operator_codes)

    def operators(self, *kinds: str) -> Iterator[Operator]:
        """The operators of the main subgraph, of the given kinds if there are any, in file order."""
        for operator in self.model.main.operators:
            if not kinds or operator.kind in kinds:
                yield operator

    def placed(self, operator: Operator) -> OperatorPlacement:
        return self.placement.of(operator)

    def loss(self, operators: Iterable[Operator]) -> Loss:
        return self.placement.loss(operators)

    def severity_of_loss(self, operators: Collection[Operator]) -> Severity:
        """How bad it is that ``operators`` run on the CPU: ``ERROR`` where they take arithmetic or other
        operators with them, ``INFO`` where they are a tail that costs nothing, ``WARNING`` otherwise."""
        loss = self.loss(operators)
        if loss.macs or loss.blocked:
            return Severity.ERROR
        return Severity.INFO

    def cost_of_loss(self, operators: Collection[Operator]) -> str:
        """The cost of ``operators`` on the CPU as a sentence without a full stop."""
        loss = self.loss(operators)
        blocked = len(loss.blocked)
        if not blocked and not loss.macs:
            return "costs nothing more: no other operator waits for it and there is hardly any arithmetic in it"
        share = f"{loss.share:.0%} of the arithmetic leaves the Edge TPU" if loss.macs else "no arithmetic is lost"
        if not blocked:
            return share
        noun = "operator that is" if blocked == 1 else "operators that are"
        return f"{blocked} {noun} fine by themselves run on the CPU behind it; {share}"

    def is_explained(self, operator: Operator) -> bool:
        """Whether a specific rule has already named this operator as a cause: one cause, one finding."""
        return operator in self._explained

    def explain(self, operators: Iterable[Operator]) -> None:
        """Called by the engine after the specific rules have run."""
        self._explained.update(operators)

    def is_constant(self, tensor: Tensor | None) -> bool:
        return tensor is not None and self.model.is_constant(tensor)

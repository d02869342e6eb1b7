"""Who makes a tensor and who reads it, within one subgraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .graph import Operator, Subgraph, Tensor


class Dataflow:
    """Producers and consumers of one subgraph's tensors, and walks along them. Computed in one pass."""

    def __init__(self, subgraph: Subgraph) -> None:
        self.subgraph = subgraph
        self._producer: dict[Tensor, Operator] = {}
        self._consumers: dict[Tensor, list[Operator]] = {}
        for operator in subgraph.operators:
            for tensor in operator.outputs:
                self._producer.setdefault(tensor, operator)
            for read in dict.fromkeys(operator.inputs):
                if read is not None:
                    self._consumers.setdefault(read, []).append(operator)
        self._inputs = frozenset(subgraph.inputs)
        self._outputs = frozenset(subgraph.outputs)

    def producer(self, tensor: Tensor | None) -> Operator | None:
        """The operator that computes ``tensor``, the first one where several do; ``None`` for inputs,
        constants and ``None``.
        """
        return None if tensor is None else self._producer.get(tensor)

    def consumers(self, tensor: Tensor) -> list[Operator]:
        """The operators that read ``tensor``, each once, in file order."""
        return self._consumers.get(tensor, [])

    def is_input(self, tensor: Tensor) -> bool:
        return tensor in self._inputs

    def is_output(self, tensor: Tensor) -> bool:
        return tensor in self._outputs

    def predecessors(self, operator: Operator) -> Iterator[Operator]:
        """The operators whose outputs ``operator`` reads, each once."""
        seen: set[Operator] = set()
        for tensor in operator.inputs:
            producer = self.producer(tensor)
            if producer is not None and producer not in seen:
                seen.add(producer)
                yield producer

    def successors(self, operator: Operator) -> Iterator[Operator]:
        """The operators that read an output of ``operator``, each once."""
        seen: set[Operator] = set()
        for tensor in operator.outputs:
            if self._producer.get(tensor) is not operator:
                continue  # a damaged file: another operator writes the tensor first
            for consumer in self.consumers(tensor):
                if consumer not in seen:
                    seen.add(consumer)
                    yield consumer

    def downstream(self, operators: Iterable[Operator]) -> set[Operator]:
        """All operators that depend on any of ``operators``, those themselves not included."""
        start = list(operators)
        found: set[Operator] = set()
        todo = list(start)
        while todo:
            for successor in self.successors(todo.pop()):
                if successor not in found:
                    found.add(successor)
                    todo.append(successor)
        return found.difference(start)

    def upstream(self, operators: Iterable[Operator]) -> set[Operator]:
        """All operators that any of ``operators`` depends on, those themselves not included."""
        start = list(operators)
        found: set[Operator] = set()
        todo = list(start)
        while todo:
            for predecessor in self.predecessors(todo.pop()):
                if predecessor not in found:
                    found.add(predecessor)
                    todo.append(predecessor)
        return found.difference(start)

    def groups(self, members: Iterable[Operator]) -> Iterator[list[Operator]]:
        """``members`` in groups of those that feed each other, each in file order."""
        left = dict.fromkeys(members)
        for start in tuple(left):
            if start not in left:
                continue
            del left[start]
            group = [start]
            for operator in group:  # grows while it is walked
                for other in (*self.predecessors(operator), *self.successors(operator)):
                    if other in left:
                        del left[other]
                        group.append(other)
            yield sorted(group, key=lambda operator: operator.index)

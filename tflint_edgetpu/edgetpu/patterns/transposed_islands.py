"""Operators that work on transposed tensors between TRANSPOSEs that undo each other: channels-first islands.

None of them cares in which order the dimensions stand, but for an axis or a list of paddings: the island can
be moved to the order of the tensors around it, and the TRANSPOSEs go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...model.dataflow import Dataflow
from ...model.graph import Model, Operator, Tensor
from ...model.record import NamedTuple
from .transpose_pairs import ELEMENTWISE, permutation

ELEMENT_BY_ELEMENT = frozenset(("ADD", "MAXIMUM", "MINIMUM", "MUL", "PRELU", "SQUARED_DIFFERENCE", "SUB"))
MOVABLE = ELEMENTWISE | ELEMENT_BY_ELEMENT | {"CONCATENATION", "PAD", "PADV2"}
RANK = 4  # images; with another number of dimensions there are no channels to stand first


class TransposedIsland(NamedTuple):
    entries: tuple[Operator, ...]  # the TRANSPOSEs that lead to it
    members: tuple[Operator, ...]
    exits: tuple[Operator, ...]  # the TRANSPOSEs that undo those


def find_transposed_islands(model: Model, dataflow: Dataflow) -> Iterator[TransposedIsland]:
    """The largest islands, in file order: whatever leads into one is a TRANSPOSE, a constant or of the island,
    and so is what leads out."""
    transposes: dict[Operator, tuple[int, ...]] = {}
    for operator in dataflow.subgraph.operators:
        order = permutation(model, operator) if operator.kind == "TRANSPOSE" else None
        if order is not None and len(order) == RANK and order != tuple(range(RANK)):
            transposes[operator] = order
    for order in dict.fromkeys(transposes.values()):
        back = tuple(order.index(axis) for axis in range(RANK))
        entries = frozenset(operator for operator, found in transposes.items() if found == order)
        exits = frozenset(operator for operator, found in transposes.items() if found == back)
        if entries and exits:
            yield from _islands(_Ground(model, dataflow, entries, exits))


class _Ground(NamedTuple):
    """Where islands of one order of dimensions are looked for."""

    model: Model
    dataflow: Dataflow
    entries: frozenset[Operator]
    exits: frozenset[Operator]

    def sources(self, operator: Operator) -> list[Operator | None]:
        """What makes the inputs that are no constants."""
        return [
            self.dataflow.producer(tensor)
            for tensor in operator.inputs
            if tensor is not None and not self.model.is_constant(tensor)
        ]

    def readers(self, operator: Operator) -> list[Operator]:
        return [reader for tensor in operator.outputs for reader in self.dataflow.consumers(tensor)]

    def neighbours(self, operator: Operator) -> list[Operator]:
        return [*(source for source in self.sources(operator) if source is not None), *self.readers(operator)]

    def is_closed(self, operator: Operator, inside: set[Operator]) -> bool:
        """Whether everything around ``operator`` is of the island or leads into it or out of it."""
        readers = self.readers(operator)
        return (
            bool(readers)
            and all(source in inside or source in self.entries for source in self.sources(operator))
            and all(reader in inside or reader in self.exits for reader in readers)
        )

    def may_move(self, operator: Operator) -> bool:
        tensors = [t for t in operator.inputs if t is not None and not self.model.is_constant(t)]
        return (
            operator.kind in MOVABLE
            and all(_is_image(tensor) for tensor in (*tensors, *operator.outputs))
            and not any(self.dataflow.is_output(tensor) for tensor in operator.outputs)
        )


def _is_image(tensor: Tensor) -> bool:
    return len(tensor.shape) == RANK and not tensor.is_dynamic


def _islands(ground: _Ground) -> Iterator[TransposedIsland]:
    inside = {operator for operator in ground.dataflow.subgraph.operators if ground.may_move(operator)}
    todo = [operator for operator in inside if not ground.is_closed(operator, inside)]
    while todo:
        operator = todo.pop()
        if operator in inside:
            # Its neighbours have one outside now: they go as well, and each edge is walked once.
            inside.remove(operator)
            todo.extend(other for other in ground.neighbours(operator) if other in inside)
    for start in sorted(inside, key=lambda operator: operator.index):
        if start in inside:
            island = _island(ground, start, inside)
            if island.entries and island.exits:  # constants alone may lead in, and an island may go round
                yield island


def _island(ground: _Ground, start: Operator, inside: set[Operator]) -> TransposedIsland:
    """The island ``start`` is part of; its operators are taken out of ``inside``."""
    members: list[Operator] = []
    around: set[Operator] = set()
    inside.remove(start)
    todo = [start]
    while todo:
        operator = todo.pop()
        members.append(operator)
        for other in ground.neighbours(operator):
            if other in inside:
                inside.remove(other)
                todo.append(other)
            elif other.kind == "TRANSPOSE":
                around.add(other)
    return TransposedIsland(
        _in_file_order(around & ground.entries),
        _in_file_order(members),
        _in_file_order(around & ground.exits),
    )


def _in_file_order(operators: Iterable[Operator]) -> tuple[Operator, ...]:
    return tuple(sorted(operators, key=lambda operator: operator.index))

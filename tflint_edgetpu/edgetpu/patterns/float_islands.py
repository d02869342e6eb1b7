"""Parts of a quantized graph that compute in float: where they begin, where they end, what is in them."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.dataflow import Dataflow
from ...model.graph import Model, Operator, Tensor
from ...model.record import NamedTuple
from ..arithmetic import CONVERSIONS, arithmetic_of, has_scale
from ..tail import cpu_tail


class FloatIsland(NamedTuple):
    """Operators connected by tensors that are not quantized, the QUANTIZE and DEQUANTIZE at their shores
    included. All in file order."""

    operators: tuple[Operator, ...]
    computing: tuple[Operator, ...]  # without the conversions
    entries: tuple[Tensor, ...]  # quantized tensors it reads
    exits: tuple[Tensor, ...]  # quantized tensors it writes


def find_float_islands(model: Model, dataflow: Dataflow) -> list[FloatIsland]:
    """The islands of the main subgraph, in file order.

    The tail that stays on the CPU in any model of its kind is no island, nor is a part that only converts
    types or consists of custom operators.
    """
    tail = cpu_tail(dataflow)
    seen: set[Operator] = set()
    islands = []
    for operator in dataflow.subgraph.operators:
        if operator in tail or operator in seen or arithmetic_of(operator, model) != "float":
            continue
        members = _connected(operator, dataflow, tail)
        seen.update(members)
        islands.append(_island(members, model))
    return islands


def _connected(start: Operator, dataflow: Dataflow, tail: frozenset[Operator]) -> list[Operator]:
    found = {start}
    todo = [start]
    while todo:
        for neighbour in _neighbours(todo.pop(), dataflow):
            if neighbour not in found and neighbour not in tail:
                found.add(neighbour)
                todo.append(neighbour)
    return sorted(found, key=lambda operator: operator.index)


def _neighbours(operator: Operator, dataflow: Dataflow) -> Iterator[Operator]:
    """The operators at the other end of the tensors without a scale."""
    for tensor in operator.inputs:
        producer = dataflow.producer(tensor)
        if producer is not None and tensor is not None and not has_scale(tensor):
            yield producer
    for tensor in operator.outputs:
        if not has_scale(tensor):
            yield from dataflow.consumers(tensor)


def _island(members: list[Operator], model: Model) -> FloatIsland:
    entries: dict[Tensor, None] = {}
    exits: dict[Tensor, None] = {}
    for operator in members:
        for tensor in operator.inputs:
            if tensor is not None and has_scale(tensor) and not model.is_constant(tensor):
                entries[tensor] = None
        for tensor in operator.outputs:
            if has_scale(tensor):
                exits[tensor] = None
    computing = tuple(operator for operator in members if operator.kind not in CONVERSIONS)
    return FloatIsland(tuple(members), computing, tuple(entries), tuple(exits))

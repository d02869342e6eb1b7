"""Move a channels-first island to the order of the tensors around it; the TRANSPOSEs at its shores go.

The operators of the island compute element by element, join or pad: on the same numbers in another order they
give the same numbers in that order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...edgetpu.patterns.transposed_islands import MOVABLE, RANK
from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import Graph, OperatorNode, TensorNode
from ..tree import Tree

JOINS, PADS = ("CONCATENATION",), ("PAD", "PADV2")


def move(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is one of the TRANSPOSEs that lead to the island, ``values["members"]`` and ``values["exits"]``
    its operators and the TRANSPOSEs that undo it (:mod:`tflint_edgetpu.edgetpu.patterns.transposed_islands`)."""
    graph = tree.main
    if not values.get("members") or not values.get("exits"):
        raise EditRefused("no island is named")
    members = [tree.operator(member) for member in values["members"]]
    exits = [tree.operator(other) for other in values["exits"]]
    if any(node not in graph.operators for node in (tree.operator(ref), *members, *exits)):
        raise EditRefused("a part of the island is gone")
    island = _Island(graph, _order(tree.operator(ref)), members, exits)
    island.check()
    island.move()


class _Island:
    """``order`` is that of the TRANSPOSEs that lead in: axis i inside is axis ``order[i]`` outside."""

    def __init__(
        self, graph: Graph, order: list[int], members: list[OperatorNode], exits: list[OperatorNode]
    ) -> None:
        self.graph = graph
        self.order = order
        self.back = [order.index(axis) for axis in range(len(order))]
        self.members = members
        self.exits = exits
        self.made = {tensor for node in members for tensor in node.outputs}
        self.entries: dict[TensorNode, OperatorNode] = {}

    def check(self) -> None:
        """Raise EditRefused where the island is none, or holds what this edit does not move."""
        if len(self.order) != RANK:
            raise EditRefused(f"the transposed tensors have {len(self.order)} dimensions")
        for node in self.members:
            if node.kind not in MOVABLE:
                raise EditRefused(f"{node.kind} does not work in any order of dimensions")
            if node.kind in PADS and (node.inputs[1] is None or not node.inputs[1].is_constant):
                raise EditRefused("paddings are computed")
            for tensor in (*node.outputs, *self._moving(node)):
                if tensor.is_constant and len(tensor.scales) > 1:
                    raise EditRefused(f"the constant '{tensor.name}' has a scale a channel")
                if tensor not in self.made and not tensor.is_constant:
                    self._check_entry(tensor)
        for node in self.exits:
            source, result = node.inputs[0], node.outputs[0]
            if _order(node) != self.back or source not in self.made:
                raise EditRefused("a TRANSPOSE behind the island does not undo the one before it")
            if not _alike(source, result):
                raise EditRefused("the scale changes on the way")
        inner = {*self.members, *self.exits}
        for tensor in self.made:
            outside = any(reader not in inner for reader in self.graph.consumers(tensor))
            if outside or tensor in self.graph.outputs:
                raise EditRefused(f"'{tensor.name}' is read outside the island")
            if sum(result in self.graph.outputs for result in self._results(tensor)) > 1:
                raise EditRefused(f"'{tensor.name}' leaves the island as several outputs")

    def _check_entry(self, tensor: TensorNode) -> None:
        producer = self.graph.producer(tensor)
        source = None if producer is None else producer.inputs[0]
        if (
            producer is None
            or source is None
            or producer.kind != "TRANSPOSE"
            or _order(producer) != self.order
        ):
            raise EditRefused(f"'{tensor.name}' comes to the island without the TRANSPOSE")
        if not _alike(source, tensor):
            raise EditRefused("the scale changes on the way")
        self.entries[tensor] = producer

    def _moving(self, node: OperatorNode) -> list[TensorNode]:
        """The inputs whose dimensions are to change their order."""
        inputs = node.inputs[:1] if node.kind in PADS else node.inputs
        return [tensor for tensor in inputs if tensor is not None]

    def move(self) -> None:
        new = {tensor: entry.inputs[0] for tensor, entry in self.entries.items()}
        for node in self.members:
            for tensor in self._moving(node):
                if tensor not in new and tensor.is_constant:
                    new[tensor] = self._constant(tensor)
            for tensor in node.outputs:
                new[tensor] = self._result(tensor)
        for node in self.members:
            moving = self._moving(node)
            node.inputs = [new[t] if t is not None and t in moving else t for t in node.inputs]
            node.outputs = [moved for tensor in node.outputs if (moved := new[tensor]) is not None]
            if node.kind in JOINS:
                node.options.axis = self.order[node.options.axis % RANK]
            if node.kind in PADS:
                node.inputs[1] = self._paddings(node.inputs[1])
        for node in self.exits:
            self.graph.operators.remove(node)
        for tensor, entry in self.entries.items():
            unread = not self.graph.consumers(tensor) and tensor not in self.graph.outputs
            if unread and entry in self.graph.operators:
                self.graph.operators.remove(entry)

    def _result(self, tensor: TensorNode) -> TensorNode:
        """What stands for ``tensor`` now: the result of a TRANSPOSE behind it, or a tensor of its own."""
        # An output comes first: it keeps its name.
        results = sorted(self._results(tensor), key=lambda result: result not in self.graph.outputs)
        for other in results[1:]:
            for reader in self.graph.consumers(other):
                reader.replace_input(other, results[0])
        if results:
            return results[0]
        moved = self.graph.like(tensor, f"{tensor.name}/moved")
        moved.shape = [tensor.shape[axis] for axis in self.back]
        moved.table.shapeSignature = None
        return moved

    def _results(self, tensor: TensorNode) -> list[TensorNode]:
        return [node.outputs[0] for node in self.exits if node.inputs[0] is tensor]

    def _constant(self, tensor: TensorNode) -> TensorNode:
        """``tensor`` in the other order; one of fewer dimensions meets the innermost ones."""
        rank = len(tensor.shape)
        if all(size == 1 for size in tensor.shape):
            return tensor
        numbers = tensor.values().reshape((1,) * (RANK - rank) + tensor.shape).transpose(self.back)
        while numbers.ndim > rank and numbers.shape[0] == 1:
            numbers = numbers[0]
        moved = self.graph.add_tensor(
            f"{tensor.name}/moved", tensor.dtype, numbers.shape, np.ascontiguousarray(numbers)
        )
        moved.table.quantization = tensor.table.quantization
        return moved

    def _paddings(self, tensor: TensorNode | None) -> TensorNode:
        assert tensor is not None  # checked
        numbers = tensor.values()[self.back]
        return self.graph.add_tensor(f"{tensor.name}/moved", tensor.dtype, numbers.shape, numbers)


def _order(node: OperatorNode) -> list[int]:
    tensor = node.inputs[1] if node.kind == "TRANSPOSE" and len(node.inputs) > 1 else None
    if tensor is None or not tensor.is_constant:
        raise EditRefused("there is no TRANSPOSE with a constant order")
    return [int(axis) for axis in tensor.values()]


def _alike(a: TensorNode | None, b: TensorNode) -> bool:
    return a is not None and a.dtype == b.dtype and a.scales == b.scales and a.zero_points == b.zero_points


EDITS = (
    EditKind(
        "move-transposed-island",
        Safety.SAFE,
        "the same numbers are computed one by one, only their order in memory is another",
        move,
    ),
)

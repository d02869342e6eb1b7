"""Two TRANSPOSEs that undo each other are taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import OperatorNode, TensorNode
from ..tree import Tree


def cancel(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the second TRANSPOSE of the pair."""
    graph = tree.main
    second = tree.operator(ref)
    if second not in graph.operators or second.kind != "TRANSPOSE":
        raise EditRefused("there is no TRANSPOSE any more")
    middle = second.inputs[0]
    first = None if middle is None else graph.producer(middle)
    if first is None or first.kind != "TRANSPOSE":
        raise EditRefused("no TRANSPOSE stands before it")
    source, result = first.inputs[0], second.outputs[0]
    if source is None or source.is_constant:
        raise EditRefused("the first TRANSPOSE reads a constant")
    outer, inner = _permutation(first), _permutation(second)
    if [outer[axis] for axis in inner] != list(range(len(outer))):
        raise EditRefused("the two permutations do not undo each other")
    if result in graph.outputs:
        raise EditRefused("the result is an output and keeps its name")
    if source.scales != result.scales or source.zero_points != result.zero_points:
        raise EditRefused("the scale changes on the way")
    for reader in graph.consumers(result):
        reader.replace_input(result, source)
    graph.operators.remove(second)
    if middle is not None and middle not in graph.outputs and not graph.consumers(middle):
        graph.operators.remove(first)


def _permutation(node: OperatorNode) -> list[int]:
    tensor: TensorNode | None = node.inputs[1]
    if tensor is None or not tensor.is_constant:
        raise EditRefused("a permutation is computed")
    return [int(axis) for axis in tensor.values()]


EDITS = (
    EditKind(
        "cancel-transposes", Safety.SAFE, "the data is moved there and back: nothing is computed", cancel
    ),
)

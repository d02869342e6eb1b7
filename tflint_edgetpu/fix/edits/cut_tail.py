"""Cut the model before operators that cannot run on the Edge TPU; the application does their work.

What the cut operators read becomes an output, under its own name.  Everything before the cut computes
what it computed before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import OperatorNode, TensorNode
from ..tree import Tree


def cut(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the first operator to go; with it goes everything that depends on it. Outputs that do
    not depend on it stay."""
    graph = tree.main
    first = tree.operator(ref)
    if first not in graph.operators:
        raise EditRefused("the operator is gone")
    starts = [tree.operator(other) for other in values.get("also", ())]
    tail = _downstream(tree, [first, *starts])
    boundary: list[TensorNode] = []
    for node in graph.operators:
        if node in tail:
            boundary.extend(
                tensor
                for tensor in node.inputs
                if tensor is not None and not tensor.is_constant and _is_made_before(tree, tensor, tail)
            )
    kept = [tensor for tensor in graph.outputs if not any(tensor in node.outputs for node in tail)]
    new = [tensor for tensor in dict.fromkeys(boundary) if tensor not in kept]
    if not new:
        raise EditRefused("nothing would be left to be an output")
    if any(tensor in graph.inputs for tensor in new):
        raise EditRefused("the whole model depends on nothing but the operators to cut")
    graph.operators = [node for node in graph.operators if node not in tail]
    graph.outputs = [*kept, *new]
    for signature in tree.signatures:
        if signature.graph is graph:
            left = [(name, tensor) for name, tensor in signature.outputs if tensor in kept]
            signature.outputs = [*left, *((tensor.name, tensor) for tensor in new)]
    remove_dead(tree)


def _downstream(tree: Tree, starts: list[OperatorNode]) -> set[OperatorNode]:
    tail = set(starts)
    for node in tree.main.operators:  # file order: producers stand before their consumers
        if any(tensor in earlier.outputs for earlier in tail for tensor in node.inputs):
            tail.add(node)
    return tail


def _is_made_before(tree: Tree, tensor: TensorNode, tail: set[OperatorNode]) -> bool:
    producer = tree.main.producer(tensor)
    return tensor in tree.main.inputs or (producer is not None and producer not in tail)


def remove_dead(tree: Tree) -> int:
    """Drop operators whose results nobody reads; returns how many."""
    graph = tree.main
    count = 0
    while True:
        needed = {tensor for node in graph.operators for tensor in node.inputs} | set(graph.outputs)
        dead = [n for n in graph.operators if n.outputs and not any(tensor in needed for tensor in n.outputs)]
        dead = [n for n in dead if n.kind not in ("CALL_ONCE", "ASSIGN_VARIABLE") and not _writes_state(n)]
        if not dead:
            return count
        count += len(dead)
        graph.operators = [node for node in graph.operators if node not in dead]


def _writes_state(node: OperatorNode) -> bool:
    return any(tensor is not None and tensor.table.isVariable for tensor in node.inputs)


def drop_dead(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is any place of the model: all operators without a reader go."""
    if not remove_dead(tree):
        raise EditRefused("every operator has a reader")


EDITS = (
    EditKind(
        "cut-tail",
        Safety.UNSAFE,
        "everything before the cut computes the same; the application has to do what was cut",
        cut,
    ),
    EditKind("drop-dead-operators", Safety.SAFE, "nobody reads what they computed", drop_dead),
)

"""Replace what can be computed now by its value.

SHAPE of a tensor with fixed sizes is known from the file; everything else that depends on constants alone
is computed by LiteRT itself, on a model of just these operators, so that no kernel is written twice.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..verify.evaluate import evaluate
from .excerpt import excerpt
from .nodes import Graph, OperatorNode, TensorNode

# Not a function of their inputs, or not for an interpreter without extras.
_NEVER = frozenset((
    "CUSTOM", "RANDOM_UNIFORM", "RANDOM_STANDARD_NORMAL", "MULTINOMIAL", "VAR_HANDLE", "READ_VARIABLE",
    "ASSIGN_VARIABLE", "CALL_ONCE", "WHILE", "IF", "HASHTABLE", "HASHTABLE_FIND", "HASHTABLE_IMPORT",
    "HASHTABLE_SIZE",
))  # fmt: skip
# A value of more elements than this, a guess, and larger than twice what it is computed from stays computed:
# files should not grow.
LARGEST_GROWTH = 2**16


def fold_constants(graph: Graph) -> int:
    """Fold what is computable in ``graph``; returns the number of operators that are gone.

    Raises CannotVerify where LiteRT does not run the operators in question.
    """
    shapes = _fold_shapes(graph)
    foldable = _foldable(graph)
    if foldable:
        _evaluate(graph, foldable)
    return shapes + len(foldable)


def _fold_shapes(graph: Graph) -> int:
    folded = [
        node
        for node in graph.operators
        if node.kind == "SHAPE" and node.inputs[0] is not None and _is_static(node.inputs[0])
    ]
    for node in folded:
        source, result = node.inputs[0], node.outputs[0]
        assert source is not None
        _make_constant(result, np.array(source.shape, dtype=result.dtype.lower()))
        graph.operators.remove(node)
    return len(folded)


def _is_static(tensor: TensorNode) -> bool:
    signature = tensor.table.shapeSignature
    return signature is None or len(signature) == 0 or all(size >= 0 for size in signature)


def _make_constant(tensor: TensorNode, values: np.ndarray[Any, Any]) -> None:
    tensor.set_values(values)
    tensor.table.shapeSignature = None


def _foldable(graph: Graph) -> list[OperatorNode]:
    """The operators that depend on constants alone, in file order."""
    known: set[TensorNode] = set()
    found = []
    for node in graph.operators:
        inputs = [tensor for tensor in node.inputs if tensor is not None]
        if not inputs or node.kind in _NEVER or any(tensor.table.isVariable for tensor in inputs):
            continue
        if not all(tensor.is_constant or tensor in known for tensor in inputs):
            continue
        if any(tensor in graph.outputs for tensor in node.outputs):
            continue  # an output stays computed: interpreters refuse constants there
        size = sum(int(np.prod(tensor.shape)) for tensor in node.outputs)
        if size > LARGEST_GROWTH and size > 2 * sum(int(np.prod(tensor.shape)) for tensor in inputs):
            continue
        known.update(node.outputs)
        found.append(node)
    return found


def _evaluate(graph: Graph, operators: list[OperatorNode]) -> None:
    results = [tensor for node in operators for tensor in node.outputs]
    remaining = [node for node in graph.operators if node not in operators]
    wanted = [tensor for tensor in results if any(tensor in node.inputs for node in remaining)]
    if wanted:
        values = evaluate(excerpt(operators, wanted)).outputs
        for tensor, value in zip(wanted, values, strict=True):
            _make_constant(tensor, value)
    graph.operators = remaining

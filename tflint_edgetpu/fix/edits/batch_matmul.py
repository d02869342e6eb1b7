"""BATCH_MATMUL with one constant side becomes FULLY_CONNECTED."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import OperatorNode
from ..tree import Tree

# FULLY_CONNECTED: version 4 is int8; version 5 keeps the number of dimensions. Source: op_version.cc.
INT8_VERSION = 4


def to_dense(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the BATCH_MATMUL; its right side must be a constant matrix."""
    graph = tree.main
    node = tree.operator(ref)
    if node not in graph.operators or node.kind != "BATCH_MATMUL":
        raise EditRefused("there is no BATCH_MATMUL any more")
    left, right = node.inputs[0], node.inputs[1]
    result = node.outputs[0]
    if left is None or right is None or left.is_constant or not right.is_constant:
        raise EditRefused("its right side is no constant")
    if node.options.adjX:
        raise EditRefused("its left side is transposed")
    if right.dtype != "INT8" or left.dtype != "INT8" or len(right.scales) != 1 or any(right.zero_points):
        raise EditRefused("the constant is not int8 with one scale and zero point 0")
    if int(np.prod(right.shape[:-2])) != 1:
        raise EditRefused("the constant holds more than one matrix")
    if any(size != 1 for size in left.shape[:-2]):
        raise EditRefused("the left side holds more than one matrix")
    matrix: Any = right.values().reshape(right.shape[-2:])
    matrix = matrix if node.options.adjY else matrix.T  # weights are [units, depth]
    weights = graph.add_tensor(f"{right.name}/weights", "INT8", matrix.shape, np.ascontiguousarray(matrix))
    weights.set_quantization(right.scales, [0])
    flat = graph.like(result, f"{result.name}/flat")
    flat.shape = (left.shape[-2], matrix.shape[0])
    dense = OperatorNode(schema.OperatorT(), "FULLY_CONNECTED", INT8_VERSION, [left, weights, None], [flat])
    dense.set_options("FullyConnectedOptions", schema.FullyConnectedOptionsT())
    shape = graph.add_tensor(
        f"{result.name}/shape", "INT32", (len(result.shape),), np.array(result.shape, np.int32)
    )
    reshape = OperatorNode(schema.OperatorT(), "RESHAPE", 1, [flat, shape], [result])
    options = schema.ReshapeOptionsT()
    options.newShape = np.array(result.shape, dtype=np.int32)
    reshape.set_options("ReshapeOptions", options)
    graph.insert_before(node, dense, reshape)
    graph.operators.remove(node)


EDITS = (
    EditKind(
        "batch-matmul-to-dense",
        Safety.UNSAFE,
        "the same products and sums; the two kernels may round an exact tie differently",
        to_dense,
        1.0,
    ),
)

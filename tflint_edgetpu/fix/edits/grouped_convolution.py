"""A grouped convolution becomes SPLIT, one convolution a group, CONCATENATION.

Grouped convolutions are CONV_2D version 6, which the compiler's parser does not know.  The parts work on
the same integers with the same scales, but LiteRT runs a grouped convolution on its reference kernel,
which rounds a product twice where the optimized one rounds once: measured, 3 of 3,456 values moved by one
step.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import Graph, OperatorNode, TensorNode
from ..tree import Tree

MOST_GROUPS = 64  # a depthwise-like convolution with more is better made depthwise in the source


def split_groups(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the CONV_2D."""
    graph = tree.main
    node = tree.operator(ref)
    if node not in graph.operators or node.kind != "CONV_2D":
        raise EditRefused("there is no CONV_2D any more")
    source, filters = node.inputs[0], node.inputs[1]
    bias = node.inputs[2] if len(node.inputs) > 2 else None
    result = node.outputs[0]
    if source is None or filters is None or len(source.shape) != 4 or len(filters.shape) != 4:
        raise EditRefused("the convolution has not four dimensions")
    groups, rest = divmod(source.shape[3], filters.shape[3])
    if rest or groups < 2 or filters.shape[0] % groups:
        raise EditRefused(f"{source.shape[3]} input and {filters.shape[3]} filter channels are no groups")
    if groups > MOST_GROUPS:
        raise EditRefused(
            f"{groups} groups would become {groups} convolutions: make it depthwise in the source"
        )
    if not filters.is_constant or (bias is not None and not bias.is_constant):
        raise EditRefused("filters or bias are no constants")
    parts = _split(graph, node, source, groups)
    results = []
    for number, part in enumerate(parts):
        rows = slice(number * filters.shape[0] // groups, (number + 1) * filters.shape[0] // groups)
        piece = graph.like(result, f"{result.name}/group_{number}")
        piece.shape = (*result.shape[:3], filters.shape[0] // groups)
        convolution = OperatorNode(
            deepcopy(node.table),
            "CONV_2D",
            3 if source.dtype == "INT8" else 1,
            [part, _rows(graph, filters, rows), None if bias is None else _rows(graph, bias, rows)],
            [piece],
        )
        graph.insert_before(node, convolution)
        results.append(piece)
    options = schema.ConcatenationOptionsT()
    options.axis = 3
    join = OperatorNode(
        schema.OperatorT(), "CONCATENATION", 2 if source.dtype == "INT8" else 1, results, [result]
    )
    join.set_options("ConcatenationOptions", options)
    graph.insert_before(node, join)
    graph.operators.remove(node)


def _split(graph: Graph, before: OperatorNode, source: TensorNode, groups: int) -> list[TensorNode]:
    axis = graph.add_tensor(f"{source.name}/split_axis", "INT32", (), np.array(3, dtype=np.int32))
    parts = []
    for number in range(groups):
        part = graph.like(source, f"{source.name}/group_{number}")
        part.shape = (*source.shape[:3], source.shape[3] // groups)
        parts.append(part)
    options = schema.SplitOptionsT()
    options.numSplits = groups
    split = OperatorNode(
        schema.OperatorT(), "SPLIT", 2 if source.dtype == "INT8" else 1, [axis, source], parts
    )
    split.set_options("SplitOptions", options)
    graph.insert_before(before, split)
    return parts


def _rows(graph: Graph, tensor: TensorNode, rows: slice) -> TensorNode:
    """The rows of a filter or bias, with their scales where there is one a row."""
    values = tensor.values()[rows]
    piece = graph.add_tensor(f"{tensor.name}/rows_{rows.start}", tensor.dtype, values.shape, values)
    scales, points = tensor.scales, tensor.zero_points
    if len(scales) > 1:
        piece.set_quantization(scales[rows], points[rows] if len(points) > 1 else [0] * len(scales[rows]))
    elif scales:
        piece.set_quantization(scales, points or (0,))
    return piece


EDITS = (
    EditKind(
        "split-groups",
        Safety.UNSAFE,
        "the same sums, rounded by another kernel: single values move by one step",
        split_groups,
        1.0,
    ),
)

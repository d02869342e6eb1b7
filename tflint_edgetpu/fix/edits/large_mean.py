"""A MEAN over too many pixels becomes a MEAN of each band of rows, and the MEAN of those.

Seen to map, compiler 16.0: a MEAN over [1, 256, 128, 3] was refused; cut by SPLIT into four [1, 64, 128, 3],
averaged one by one and joined again, all operators ran on the Edge TPU.  Source: google-coral/edgetpu issue 461.
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

MOST_PIXELS = 64 * 128  # of one band: the largest that was seen to map, in the same issue
MOST_BANDS = 64  # a guess; more operators than that are no repair
ROWS, COLUMNS = 1, 2


def split_mean(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the MEAN."""
    graph = tree.main
    node = tree.operator(ref)
    if node not in graph.operators or node.kind != "MEAN":
        raise EditRefused("there is no MEAN any more")
    source, axes, result = node.inputs[0], node.inputs[1], node.outputs[0]
    if source is None or axes is None or not axes.is_constant or len(source.shape) != 4:
        raise EditRefused("it does not average an image of four dimensions over constant axes")
    if {int(axis) % 4 for axis in axes.values().reshape(-1)} != {ROWS, COLUMNS}:
        raise EditRefused("it does not average rows and columns")
    if any(tensor.dtype not in ("INT8", "UINT8") or len(tensor.scales) != 1 for tensor in (source, result)):
        raise EditRefused("it is not quantized to 8 bit per tensor")
    bands = _bands(source)
    means = []
    for number, band in enumerate(_cut(graph, node, source, bands)):
        mean = _between(graph, result, f"{result.name}/band_{number}", (1, 1, 1, source.shape[3]))
        table = deepcopy(node.table)
        table.builtinOptions.keepDims = True
        graph.insert_before(node, OperatorNode(table, "MEAN", node.version, [band, axes], [mean]))
        means.append(mean)
    joined = _between(graph, result, f"{result.name}/bands", (1, bands, 1, source.shape[3]))
    options = schema.ConcatenationOptionsT()
    options.axis = ROWS
    join = OperatorNode(schema.OperatorT(), "CONCATENATION", _version(source), means, [joined])
    join.set_options("ConcatenationOptions", options)
    graph.insert_before(node, join)
    node.inputs[0] = joined


def _bands(source: TensorNode) -> int:
    """How many bands of equal height: with unequal ones the mean of their means would be another."""
    batch, rows, columns, _ = source.shape
    if batch != 1:
        raise EditRefused(f"the batch is {batch}")
    if rows * columns <= MOST_PIXELS:
        raise EditRefused(f"it averages {rows * columns:,} pixels: that is not too many")
    for count in range(2, MOST_BANDS + 1):
        if rows % count == 0 and rows // count * columns <= MOST_PIXELS:
            return count
    raise EditRefused(
        f"{rows} rows of {columns} do not fall into at most {MOST_BANDS} equal bands of {MOST_PIXELS:,} pixels"
    )


def _cut(graph: Graph, before: OperatorNode, source: TensorNode, bands: int) -> list[TensorNode]:
    axis = graph.add_tensor(f"{source.name}/split_axis", "INT32", (), np.array(ROWS, dtype=np.int32))
    _, rows, columns, channels = source.shape
    parts = [
        _between(graph, source, f"{source.name}/band_{number}", (1, rows // bands, columns, channels))
        for number in range(bands)
    ]
    options = schema.SplitOptionsT()
    options.numSplits = bands
    split = OperatorNode(schema.OperatorT(), "SPLIT", _version(source), [axis, source], parts)
    split.set_options("SplitOptions", options)
    graph.insert_before(before, split)
    return parts


def _between(graph: Graph, like: TensorNode, name: str, shape: tuple[int, ...]) -> TensorNode:
    tensor = graph.like(like, name)
    tensor.shape = shape
    tensor.table.shapeSignature = None
    return tensor


def _version(source: TensorNode) -> int:
    """Of SPLIT and CONCATENATION: int8 came with version 2. Source: op_version.cc."""
    return 2 if source.dtype == "INT8" else 1


EDITS = (
    EditKind(
        "split-mean",
        Safety.UNSAFE,
        "the means of the bands are rounded before they are averaged: up to one step",
        split_mean,
        1.0,
    ),
)

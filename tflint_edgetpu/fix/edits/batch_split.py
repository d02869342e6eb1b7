"""A SPLIT along the first dimension becomes one STRIDED_SLICE for each part.

SPLIT is refused there, 10 of 10 in logs of compiler 16.0.  That slices map is a guess: 16.0 was seen to map
STRIDED_SLICE along the rows of an image (the focus layer of YOLOv5), and PACK and SUM along the first of three
dimensions, which are rows to the Edge TPU; a slice along the first dimension itself was never seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import OperatorNode, TensorNode
from ..tree import Tree

ROWS_COLUMNS_CHANNELS = 3  # with one dimension more the first is a batch, which nothing cuts


def slices(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the SPLIT."""
    graph = tree.main
    node = tree.operator(ref)
    if node not in graph.operators or node.kind != "SPLIT":
        raise EditRefused("there is no SPLIT any more")
    axis, source = node.inputs[0], node.inputs[1]
    if axis is None or not axis.is_constant or source is None:
        raise EditRefused("the axis is computed")
    rank = len(source.shape)
    if not 0 < rank <= ROWS_COLUMNS_CHANNELS:
        raise EditRefused(f"it cuts a tensor of {rank} dimensions: the parts would not map either")
    if int(axis.values().reshape(-1)[0]) % rank != 0:
        raise EditRefused("it does not cut along the first dimension")
    if source.dtype not in ("INT8", "UINT8"):
        raise EditRefused(f"it cuts {source.dtype}")
    if any(part.shape[1:] != source.shape[1:] for part in node.outputs) or source.shape[0] != sum(
        part.shape[0] for part in node.outputs
    ):
        raise EditRefused("the parts do not add up to the whole")

    def constant(name: str, numbers: list[int]) -> TensorNode:
        return graph.add_tensor(f"{source.name}/{name}", "INT32", (rank,), np.array(numbers, dtype=np.int32))

    strides = constant("strides", [1] * rank)
    start = 0
    for part in node.outputs:
        end = start + part.shape[0]
        begins = constant(f"begin_{start}", [start, *[0] * (rank - 1)])
        ends = constant(f"end_{end}", [end, *source.shape[1:]])
        cut = OperatorNode(
            schema.OperatorT(),
            "STRIDED_SLICE",
            2 if source.dtype == "INT8" else 1,  # source: op_version.cc
            [source, begins, ends, strides],
            [part],
        )
        cut.set_options("StridedSliceOptions", schema.StridedSliceOptionsT())
        graph.insert_before(node, cut)
        start = end
    graph.operators.remove(node)


EDITS = (
    EditKind(
        "slice-batch",
        Safety.UNSAFE,
        "the same integers, copied by another operator; that it maps is a guess, so it is not done unasked",
        slices,
    ),
)

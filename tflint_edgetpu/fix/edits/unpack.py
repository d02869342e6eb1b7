"""An UNPACK becomes a SPLIT and one RESHAPE for each part.

UNPACK is in no table of the Edge TPU.  SPLIT is, except along the batch: 16.0 was seen to map it along the rows of
an image (google-coral/edgetpu issue 461: [1, 256, 128, 3] into four) and along its channels (yolov9-s).  RESHAPE is
in the table, and these are far below the sizes that it is refused at.
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

MOST_DIMENSIONS = 4


def split_and_reshape(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the UNPACK."""
    graph = tree.main
    node = tree.operator(ref)
    if node not in graph.operators or node.kind != "UNPACK":
        raise EditRefused("there is no UNPACK any more")
    source = node.inputs[0]
    if source is None or not source.shape:
        raise EditRefused("it takes a tensor without dimensions apart")
    if source.dtype not in ("INT8", "UINT8"):
        raise EditRefused(f"it takes {source.dtype} apart")
    axis = int(node.options.axis if node.options is not None else 0) % len(source.shape)
    shape = source.shape[:axis] + source.shape[axis + 1 :]
    if len(node.outputs) != source.shape[axis] or any(part.shape != shape for part in node.outputs):
        raise EditRefused("the parts do not add up to the whole")
    if any(part.scales != source.scales or part.zero_points != source.zero_points for part in node.outputs):
        raise EditRefused("a part has another scale than the whole")
    whole, along = source, axis
    if axis == 0 and len(node.outputs) > 1:
        # The Edge TPU does not split a batch: with a 1 before them the parts are rows or columns.
        if len(source.shape) >= MOST_DIMENSIONS:
            raise EditRefused(f"it takes a batch of {len(source.shape)} dimensions apart")
        whole = _like(graph, source, f"{source.name}/rows", (1, *source.shape))
        graph.insert_before(node, _reshape(graph, source, whole))
        along = 1
    for piece, part in zip(_pieces(graph, node, whole, along), node.outputs, strict=True):
        graph.insert_before(node, _reshape(graph, piece, part))
    graph.operators.remove(node)


def _pieces(graph: Graph, node: OperatorNode, whole: TensorNode, axis: int) -> list[TensorNode]:
    """The parts of ``whole`` as SPLIT gives them, with a 1 where it was cut."""
    count = len(node.outputs)
    if count == 1:
        return [whole]
    shape = (*whole.shape[:axis], 1, *whole.shape[axis + 1 :])
    pieces = [_like(graph, whole, f"{part.name}/piece", shape) for part in node.outputs]
    where = graph.add_tensor(f"{whole.name}/split_axis", "INT32", (), np.array(axis, dtype=np.int32))
    options = schema.SplitOptionsT()
    options.numSplits = count
    version = 2 if whole.dtype == "INT8" else 1  # source: op_version.cc
    split = OperatorNode(schema.OperatorT(), "SPLIT", version, [where, whole], pieces)
    split.set_options("SplitOptions", options)
    graph.insert_before(node, split)
    return pieces


def _reshape(graph: Graph, source: TensorNode, result: TensorNode) -> OperatorNode:
    sizes = np.array(result.shape, dtype=np.int32)
    shape = graph.add_tensor(f"{result.name}/shape", "INT32", (len(sizes),), sizes)
    options = schema.ReshapeOptionsT()
    options.newShape = sizes
    reshape = OperatorNode(schema.OperatorT(), "RESHAPE", 1, [source, shape], [result])
    reshape.set_options("ReshapeOptions", options)
    return reshape


def _like(graph: Graph, tensor: TensorNode, name: str, shape: tuple[int, ...]) -> TensorNode:
    node = graph.like(tensor, name)
    node.shape = shape
    node.table.shapeSignature = None
    return node


EDITS = (
    EditKind("split-unpack", Safety.SAFE, "the same integers, copied by other operators", split_and_reshape),
)

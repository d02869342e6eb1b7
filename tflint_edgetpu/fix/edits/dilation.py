"""SPACE_TO_BATCH_ND, convolution, BATCH_TO_SPACE_ND become one dilated convolution.

Converters write a dilated convolution that way when sizes are open; it multiplies the batch, which the
Edge TPU refuses.  The taps are the same, so are the integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import Graph, OperatorNode, TensorNode
from ..tree import Tree

SAME, VALID = 0, 1


def fuse(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the SPACE_TO_BATCH_ND."""
    graph = tree.main
    spread = tree.operator(ref)
    if spread not in graph.operators or spread.kind != "SPACE_TO_BATCH_ND":
        raise EditRefused("there is no SPACE_TO_BATCH_ND any more")
    convolution = _only_reader(graph, spread, ("CONV_2D", "DEPTHWISE_CONV_2D"))
    gather = _only_reader(graph, convolution, ("BATCH_TO_SPACE_ND",))
    block, padding = _constant(spread.inputs[1]), _constant(spread.inputs[2])
    if block.shape != (2,) or padding.shape != (2, 2):
        raise EditRefused("the blocks are not over two dimensions")
    if not np.array_equal(block, _constant(gather.inputs[1])):
        raise EditRefused("the batch is spread and gathered by different blocks")
    crops = _constant(gather.inputs[2])
    options = convolution.options
    if (
        options.strideW != 1
        or options.strideH != 1
        or options.dilationWFactor != 1
        or options.dilationHFactor != 1
    ):
        raise EditRefused("the convolution has a stride or a dilation of its own")
    if options.padding != VALID:
        raise EditRefused("the convolution pads inside the blocks")
    source, result = spread.inputs[0], gather.outputs[0]
    filters = convolution.inputs[1]
    if source is None or filters is None or len(source.shape) != 4:
        raise EditRefused("the image has not four dimensions")
    padded = _padding(source, result, filters, block, padding, crops)
    if source.scales != spread.outputs[0].scales or result.scales != convolution.outputs[0].scales:
        raise EditRefused("the scales change on the way")
    options.padding = padded
    options.dilationHFactor, options.dilationWFactor = int(block[0]), int(block[1])
    convolution.inputs[0] = source
    convolution.outputs = [result]
    graph.operators.remove(spread)
    graph.operators.remove(gather)


def _padding(
    source: TensorNode, result: TensorNode, filters: TensorNode, block: Any, padding: Any, crops: Any
) -> int:
    """SAME or VALID, whichever does what the paddings and crops did."""
    kernel = filters.shape[1:3]
    sides = []
    for axis in (0, 1):
        reach = int(block[axis]) * (kernel[axis] - 1)
        before, after = int(padding[axis][0]), int(padding[axis][1])
        if int(crops[axis][0]) != 0:
            raise EditRefused("rows are cropped at the start")
        real_after = after - int(crops[axis][1])
        size, out = source.shape[1 + axis], result.shape[1 + axis]
        if before == 0 and real_after == 0 and out == size - reach:
            sides.append(VALID)
        elif before == reach // 2 and real_after == reach - reach // 2 and out == size:
            sides.append(SAME)
        else:
            raise EditRefused("the paddings are neither SAME nor VALID")
    if sides[0] != sides[1]:
        raise EditRefused("height and width are padded differently")
    return sides[0]


def _constant(tensor: TensorNode | None) -> np.ndarray[Any, Any]:
    if tensor is None or not tensor.is_constant:
        raise EditRefused("blocks or paddings are computed")
    return tensor.values()


def _only_reader(graph: Graph, operator: OperatorNode, kinds: tuple[str, ...]) -> OperatorNode:
    tensor = operator.outputs[0]
    readers = graph.consumers(tensor)
    if len(readers) != 1 or readers[0].kind not in kinds or tensor in graph.outputs:
        raise EditRefused(f"{operator.kind} does not feed one {' or '.join(kinds)} alone")
    return readers[0]


EDITS = (
    EditKind(
        "fuse-dilation",
        Safety.SAFE,
        "the same taps of the same integers are summed, without the detour",
        fuse,
    ),
)

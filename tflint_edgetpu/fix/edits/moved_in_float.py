"""An operator that only moves values, left in float between integers of one scale, moves the integers instead.

TensorFlow 2.21's quantizer does that now and then, and not in every run: of five conversions of one unrolled LSTM,
two left a SPLIT in float.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import Graph, OperatorNode, TensorNode
from ..tree import Tree

# Kind -> the input that it moves.
MOVES = {"RESHAPE": 0, "SLICE": 0, "SPLIT": 1, "STRIDED_SLICE": 0, "TRANSPOSE": 0}
EIGHT_BIT = ("INT8", "UINT8")


def move_integers(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the operator between a DEQUANTIZE and QUANTIZEs."""
    graph = tree.main
    node = tree.operator(ref)
    if node not in graph.operators or node.kind not in MOVES:
        raise EditRefused("there is no operator that only moves values any more")
    place = MOVES[node.kind]
    given = node.inputs[place]
    before = graph.producer(given) if given is not None else None
    source = before.inputs[0] if before is not None and before.kind == "DEQUANTIZE" else None
    if given is None or before is None or source is None or source.dtype not in EIGHT_BIT:
        raise EditRefused("its input does not come from integers")
    readers = [graph.consumers(part) for part in node.outputs]
    for part, back in zip(node.outputs, readers, strict=True):
        if part in graph.outputs or any(not _returns(reader, source) for reader in back):
            raise EditRefused("a result is used in float, or becomes integers of another scale")
        if any(reader.outputs[0] in graph.outputs for reader in back[1:]):
            raise EditRefused("a result is an output of the model twice")
    for number, back in enumerate(readers):
        _take_back(graph, node, number, source, back)
    node.inputs[place] = source
    if node.kind != "RESHAPE":
        node.version = max(node.version, 2 if source.dtype == "INT8" else 1)  # source: op_version.cc
    if not graph.consumers(given) and given not in graph.outputs:
        graph.operators.remove(before)


def _take_back(
    graph: Graph, node: OperatorNode, number: int, source: TensorNode, back: list[OperatorNode]
) -> None:
    """Let output ``number`` be the integers that the QUANTIZEs ``back`` made of it."""
    if not back:
        node.outputs[number].dtype = source.dtype
        node.outputs[number].table.quantization = source.table.quantization
        return
    node.outputs[number] = kept = back[0].outputs[0]
    for reader in back:
        graph.operators.remove(reader)
    for reader in back[1:]:
        for consumer in graph.consumers(reader.outputs[0]):
            consumer.replace_input(reader.outputs[0], kept)


def _returns(reader: OperatorNode, source: TensorNode) -> bool:
    """Whether ``reader`` only turns back what was integers of ``source`` before."""
    if reader.kind != "QUANTIZE":
        return False
    back = reader.outputs[0]
    return (back.dtype, back.scales, back.zero_points) == (source.dtype, source.scales, source.zero_points)


EDITS = (
    EditKind(
        "move-in-integers", Safety.SAFE, "the same integers, without the way through float", move_integers
    ),
)

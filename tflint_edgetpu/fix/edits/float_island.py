"""A NEG or SQUARE that the converter left in float becomes a MUL of the integers around it.

TensorFlow 2.21 has no integer form of either, Keras 3's LayerNormalization writes a NEG.  MUL is in Coral's table.
The float detour rounds once, to the scale of the QUANTIZE behind it; MUL rounds to the same scale in fixed point.
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

KINDS = ("NEG", "SQUARE")
LARGEST = 127  # of an INT8 constant: -127 at a scale of 1/127 is exactly -1


def multiply_integers(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the operator between a DEQUANTIZE and one or more QUANTIZE."""
    graph = tree.main
    node = tree.operator(ref)
    if node not in graph.operators or node.kind not in KINDS:
        raise EditRefused("there is no NEG or SQUARE any more")
    (given,), (result,) = node.inputs, node.outputs
    before = graph.producer(given) if given is not None else None
    if given is None or before is None or before.kind != "DEQUANTIZE" or before.inputs[0] is None:
        raise EditRefused("its input does not come from integers")
    source = before.inputs[0]
    after = graph.consumers(result)
    if not after or result in graph.outputs or any(reader.kind != "QUANTIZE" for reader in after):
        raise EditRefused("its result is used in float")
    if any(not _is_int8(tensor) for tensor in (source, *(reader.outputs[0] for reader in after))):
        raise EditRefused("the tensors around it are not INT8 with one scale")
    factor = _minus_one(graph, result, len(source.shape)) if node.kind == "NEG" else source
    for reader in after:
        product = OperatorNode(schema.OperatorT(), "MUL", 2, [source, factor], [reader.outputs[0]])
        product.set_options("MulOptions", schema.MulOptionsT())
        graph.insert_before(node, product)
        graph.operators.remove(reader)
    graph.operators.remove(node)
    if not graph.consumers(given) and given not in graph.outputs:
        graph.operators.remove(before)


def _is_int8(tensor: TensorNode) -> bool:
    return tensor.dtype == "INT8" and len(tensor.scales) == 1


def _minus_one(graph: Graph, result: TensorNode, rank: int) -> TensorNode:
    shape = (1,) * rank
    constant = graph.add_tensor(f"{result.name}/minus_one", "INT8", shape)
    constant.set_values(np.full(shape, -LARGEST, dtype=np.int8))
    constant.set_quantization([1 / LARGEST], [0])
    return constant


EDITS = (
    EditKind(
        "multiply-in-integers",
        Safety.UNSAFE,
        "MUL rounds in fixed point where the float detour rounds once: up to one step of its result",
        multiply_integers,
        4.0,
    ),
)

"""Change an int8 input or output into uint8, or the other way round.

Both types hold the same real numbers when the zero point moves by 128.  A QUANTIZE between them maps to
the Edge TPU; where the model has one at its boundary already, it is taken away instead.
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

OTHER = {"INT8": ("UINT8", 128), "UINT8": ("INT8", -128)}


def flip_input(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the input tensor."""
    graph = tree.main
    outer = tree.tensor(ref)
    _check(outer, graph.inputs)
    readers = graph.consumers(outer)
    if len(readers) == 1 and _is_flip(readers[0]) and outer not in graph.outputs:
        inner = readers[0].outputs[0]
        if inner in graph.outputs:
            raise EditRefused("the tensor behind the input is an output as well")
        graph.operators.remove(readers[0])
        inner.table.name, inner.table.shapeSignature = outer.table.name, outer.table.shapeSignature
        tree.replace_interface(graph, outer, inner)
        return
    new = _flipped(graph, outer)
    graph.inputs = [new if tensor is outer else tensor for tensor in graph.inputs]
    _rename(tree, graph, outer, new)
    graph.operators.insert(0, _quantize(new, outer))


def flip_output(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the output tensor."""
    graph = tree.main
    outer = tree.tensor(ref)
    _check(outer, graph.outputs)
    producer = graph.producer(outer)
    if producer is None:
        raise EditRefused("no operator makes this output")
    if _is_flip(producer) and not graph.consumers(outer):
        inner = producer.inputs[0]
        if (
            inner is not None
            and not inner.is_constant
            and inner not in graph.outputs
            and inner not in graph.inputs
        ):
            graph.operators.remove(producer)
            inner.table.name = outer.table.name
            tree.replace_interface(graph, outer, inner)
            return
    new = _flipped(graph, outer)
    graph.outputs = [new if tensor is outer else tensor for tensor in graph.outputs]
    _rename(tree, graph, outer, new)
    graph.operators.append(_quantize(outer, new))


def _check(tensor: TensorNode, interface: list[TensorNode]) -> None:
    if tensor not in interface:
        raise EditRefused("the tensor is not part of the interface")
    if tensor.dtype not in OTHER or len(tensor.scales) != 1:
        raise EditRefused(
            f"the tensor is {tensor.dtype} with {len(tensor.scales)} scales, not quantized to 8 bit"
        )


def _is_flip(operator: OperatorNode) -> bool:
    """A QUANTIZE that changes the signedness and nothing else."""
    source, result = operator.inputs[0], operator.outputs[0]
    if operator.kind != "QUANTIZE" or source is None or source.dtype not in OTHER:
        return False
    dtype, shift = OTHER[source.dtype]
    return (
        result.dtype == dtype
        and source.scales == result.scales
        and len(source.scales) == 1
        and [point + shift for point in source.zero_points or (0,)] == list(result.zero_points or (0,))
    )


def _flipped(graph: Graph, tensor: TensorNode) -> TensorNode:
    dtype, shift = OTHER[tensor.dtype]
    new = graph.add_tensor(f"{tensor.name}_{dtype.lower()}", dtype, tensor.shape)
    new.set_quantization(tensor.scales, [point + shift for point in tensor.zero_points or (0,)])
    if tensor.table.shapeSignature is not None:
        new.table.shapeSignature = np.array(tensor.table.shapeSignature)
    return new


def _rename(tree: Tree, graph: Graph, old: TensorNode, new: TensorNode) -> None:
    """Let the interface keep its name: clients find tensors by it."""
    old.table.name, new.table.name = graph.free_name(f"{old.name}_{old.dtype.lower()}"), old.table.name
    for signature in tree.signatures:
        if signature.graph is graph:
            signature.replace(old, new)


def _quantize(source: TensorNode, result: TensorNode) -> OperatorNode:
    node = OperatorNode(schema.OperatorT(), "QUANTIZE", 1, [source], [result])
    node.set_options("QuantizeOptions", schema.QuantizeOptionsT())
    return node


_REASON = "int8 and uint8 hold the same numbers 128 apart; the QUANTIZE between them maps to the Edge TPU"

EDITS = (
    EditKind("flip-input", Safety.SAFE, _REASON, flip_input),
    EditKind("flip-output", Safety.SAFE, _REASON, flip_output),
)

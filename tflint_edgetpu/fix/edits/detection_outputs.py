"""Take away what quantizes the outputs of a detection postprocess.

A uint8 output type makes the converter append float -> int8 -> uint8 chains to the four outputs of
``TFLite_Detection_PostProcess``.  Their ranges come from calibration: a class above the highest one seen
there cannot be told any more, scores clip.  The float outputs are what every application expects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import OperatorNode, TensorNode
from ..tree import Tree


def restore_float(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the quantized output tensor."""
    graph = tree.main
    outer = tree.tensor(ref)
    if outer not in graph.outputs:
        raise EditRefused("the tensor is no output")
    chain: list[OperatorNode] = []
    tensor: TensorNode = outer
    while True:
        producer = graph.producer(tensor)
        if producer is None:
            raise EditRefused("no operator makes this output")
        if producer.kind == "CUSTOM" and producer.custom_code == "TFLite_Detection_PostProcess":
            break
        source = producer.inputs[0]
        if producer.kind not in ("QUANTIZE", "DEQUANTIZE") or source is None:
            raise EditRefused(f"the output does not come from the postprocess but from {producer.kind}")
        chain.append(producer)
        tensor = source
    if not chain:
        raise EditRefused("the output is the postprocess's own already")
    if tensor in graph.outputs:
        raise EditRefused("the float tensor is an output already")
    for operator in chain:
        if all(result is outer or not _read_elsewhere(tree, result, chain) for result in operator.outputs):
            graph.operators.remove(operator)
    tensor.table.name = outer.table.name
    tree.replace_interface(graph, outer, tensor)


def _read_elsewhere(tree: Tree, tensor: TensorNode, chain: list[OperatorNode]) -> bool:
    graph = tree.main
    return tensor in graph.outputs or any(reader not in chain for reader in graph.consumers(tensor))


EDITS = (
    EditKind(
        "restore-float-detections",
        Safety.SAFE,
        "the values are those before they were rounded and clipped; the output becomes float32",
        restore_float,
    ),
)

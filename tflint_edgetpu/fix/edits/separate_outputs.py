"""Outputs of their own instead of one CONCATENATION whose common scale loses the small values.

A final concat of box coordinates and scores has one scale for both: with a step of a few pixels every
score becomes 0 or 1.  Before the concat each part has a scale that fits it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import OperatorNode, TensorNode
from ..tree import Tree


def separate(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the CONCATENATION whose result is an output, directly or through a DEQUANTIZE or QUANTIZE."""
    graph = tree.main
    join = tree.operator(ref)
    if join not in graph.operators or join.kind != "CONCATENATION":
        raise EditRefused("there is no CONCATENATION any more")
    chain = _to_output(tree, join)
    output = chain[-1].outputs[0]
    parts: list[TensorNode] = []
    removed: list[OperatorNode] = []
    for tensor in join.inputs:
        if tensor is None or tensor.is_constant:
            raise EditRefused("a part of the output is a constant")
        # A QUANTIZE that only brings the part to the common scale goes with the concat.
        producer = graph.producer(tensor)
        if producer is not None and producer.kind == "QUANTIZE" and graph.consumers(tensor) == [join]:
            source = producer.inputs[0]
            if source is not None and source.dtype == tensor.dtype:
                removed.append(producer)
                tensor = source
        parts.append(tensor)
    if len(set(parts)) != len(parts) or any(part in graph.outputs or part in graph.inputs for part in parts):
        raise EditRefused("a part is an output or input already")
    at = graph.outputs.index(output)
    graph.outputs[at : at + 1] = parts
    for signature in tree.signatures:
        if signature.graph is graph:
            signature.outputs = [
                pair
                for name, tensor in signature.outputs
                for pair in (
                    [(f"{_text(name)}_{n}", part) for n, part in enumerate(parts)]
                    if tensor is output
                    else [(name, tensor)]
                )
            ]
    gone = [join, *chain, *removed]
    graph.operators = [node for node in graph.operators if node not in gone]


def _to_output(tree: Tree, join: OperatorNode) -> list[OperatorNode]:
    """From the concat to the output: the concat itself and changes of type behind it."""
    graph = tree.main
    chain = [join]
    while chain[-1].outputs[0] not in graph.outputs:
        readers = graph.consumers(chain[-1].outputs[0])
        if len(readers) != 1 or readers[0].kind not in ("QUANTIZE", "DEQUANTIZE"):
            raise EditRefused("the joined tensor is no output")
        chain.append(readers[0])
    if graph.consumers(chain[-1].outputs[0]):
        raise EditRefused("other operators read the output")
    return chain


def _text(name: Any) -> str:
    return name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else str(name)


EDITS = (
    EditKind(
        "separate-outputs",
        Safety.UNSAFE,
        "each part keeps its own scale; the application gets several outputs instead of one",
        separate,
    ),
)

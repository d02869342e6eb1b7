"""Remove the QUANTIZE at a float input and the DEQUANTIZE at a float output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..tree import Tree


def strip_input(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """Let the integer tensor behind a float input be the input. ``ref`` is the float tensor."""
    graph = tree.main
    outer = tree.tensor(ref)
    readers = graph.consumers(outer)
    if outer not in graph.inputs or len(readers) != 1 or readers[0].kind != "QUANTIZE":
        raise EditRefused("the tensor is no input that a single QUANTIZE reads")
    inner = readers[0].outputs[0]
    if outer in graph.outputs:
        raise EditRefused("the input is an output as well")
    graph.operators.remove(readers[0])
    inner.table.name = outer.table.name
    inner.table.shapeSignature = outer.table.shapeSignature
    tree.replace_interface(graph, outer, inner)


def strip_output(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """Let the integer tensor before a float output be the output. ``ref`` is the float tensor."""
    graph = tree.main
    outer = tree.tensor(ref)
    producer = graph.producer(outer)
    if outer not in graph.outputs or producer is None or producer.kind != "DEQUANTIZE":
        raise EditRefused("the tensor is no output of a DEQUANTIZE")
    inner = producer.inputs[0]
    if graph.consumers(outer) or inner is None or inner.is_constant:
        raise EditRefused("other operators read the float tensor as well")
    if inner in graph.outputs or inner in graph.inputs:
        raise EditRefused("the integer tensor is part of the interface already")
    graph.operators.remove(producer)
    inner.table.name = outer.table.name
    tree.replace_interface(graph, outer, inner)


EDITS = (
    EditKind(
        "strip-input",
        Safety.SAFE,
        "the same integers enter the model; the application now computes them with the input's scale and zero point",
        strip_input,
    ),
    EditKind(
        "strip-output",
        Safety.SAFE,
        "the same integers leave the model; the application now computes (q - zero_point) * scale",
        strip_output,
    ),
)

"""Activations outside Coral's table, written with operators that are in it.

Each equivalent computes the same function; its intermediate results are rounded to 8 bit, so an output may
move by the stated steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from ...lint.finding import Safety
from ...model.option import ACTIVATIONS
from ..edit import EditKind, EditRefused
from ..nodes import Graph, OperatorNode, TensorNode
from ..tree import Tree

# Hendrycks and Gimpel, Gaussian Error Linear Units, section 2.
GELU_SLOPE = 1.702

LIMITS = {"INT8": (-128, 127), "UINT8": (0, 255)}
NUMPY = {"INT8": np.int8, "UINT8": np.uint8}


def leaky_relu(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """LEAKY_RELU -> PRELU with one slope for all channels."""
    graph, node, source, result = _unary(tree, ref, "LEAKY_RELU")
    alpha = float(node.options.alpha)
    channels = source.shape[-1] if source.shape else 1
    # A slope of rank 3 with one number a channel: the form the Edge TPU is known to take.
    shape = (1, 1, channels) if len(source.shape) > 2 else (channels,)
    slope = _constant(graph, f"{result.name}/alpha", alpha, shape, source.dtype)
    _replace(graph, node, [OperatorNode(schema.OperatorT(), "PRELU", 1, [source, slope], [result])])


def hard_swish(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """HARD_SWISH -> MUL(x, ADD(x, 3) with RELU6) / 6."""
    graph, node, source, result = _unary(tree, ref, "HARD_SWISH")
    low, _ = LIMITS[source.dtype]
    gate = graph.add_tensor(f"{result.name}/gate", source.dtype, source.shape)
    gate.set_quantization([6 / 255], [low])
    product = graph.like(result, f"{result.name}/product")
    product.set_quantization([6 * result.scales[0]], result.zero_points or (0,))
    shape = (1,) * len(source.shape)
    three = _constant(graph, f"{result.name}/three", 3.0, shape, source.dtype)
    sixth = _constant(graph, f"{result.name}/sixth", 1 / 6, shape, source.dtype)
    _replace(
        graph,
        node,
        [
            _binary("ADD", source, three, gate, "RELU6"),
            _binary("MUL", source, gate, product),
            _binary("MUL", product, sixth, result),
        ],
    )


def gelu(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """GELU -> MUL(x, LOGISTIC(1.702 x)), which is within 0.0204 of it everywhere."""
    graph, node, source, result = _unary(tree, ref, "GELU")
    scale, point = source.scales[0], (source.zero_points or (0,))[0]
    # The same integers, meaning 1.702 times as much.
    steeper = graph.add_tensor(f"{result.name}/steeper", source.dtype, source.shape)
    steeper.set_quantization([GELU_SLOPE * scale], [point])
    gate = graph.add_tensor(f"{result.name}/gate", source.dtype, source.shape)
    gate.set_quantization([1 / 256], [LIMITS[source.dtype][0]])  # the only scale that LOGISTIC has
    slope = _constant(graph, f"{result.name}/slope", GELU_SLOPE, (1,) * len(source.shape), source.dtype)
    logistic = OperatorNode(
        schema.OperatorT(), "LOGISTIC", 2 if source.dtype == "INT8" else 1, [steeper], [gate]
    )
    _replace(
        graph, node, [_binary("MUL", source, slope, steeper), logistic, _binary("MUL", source, gate, result)]
    )


def relu_0_to_1(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """RELU_0_TO_1 -> MINIMUM(RELU(x), 1)."""
    graph, node, source, result = _unary(tree, ref, "RELU_0_TO_1")
    scale, point = result.scales[0], (result.zero_points or (0,))[0]
    clamped = graph.like(result, f"{result.name}/relu")
    one = graph.add_tensor(f"{result.name}/one", source.dtype, (1,) * len(source.shape))
    low, high = LIMITS[source.dtype]
    level = int(np.clip(round(1 / scale) + point, low, high))
    one.set_values(np.full((1,) * len(source.shape), level, dtype=NUMPY[source.dtype]))
    one.set_quantization([scale], [point])
    relu = OperatorNode(schema.OperatorT(), "RELU", 2 if source.dtype == "INT8" else 1, [source], [clamped])
    minimum = OperatorNode(
        schema.OperatorT(), "MINIMUM", 2 if source.dtype == "INT8" else 1, [clamped, one], [result]
    )
    minimum.set_options("MaximumMinimumOptions", schema.MaximumMinimumOptionsT())
    _replace(graph, node, [relu, minimum])


def _unary(tree: Tree, ref: str, kind: str) -> tuple[Graph, OperatorNode, TensorNode, TensorNode]:
    graph = tree.main
    node = tree.operator(ref)
    if node not in graph.operators or node.kind != kind:
        raise EditRefused(f"there is no {kind} any more")
    source, result = node.inputs[0], node.outputs[0]
    if source is None or any(t.dtype not in LIMITS or len(t.scales) != 1 for t in (source, result)):
        raise EditRefused("the operator is not quantized to 8 bit per tensor")
    if source.dtype != result.dtype:
        raise EditRefused(f"it reads {source.dtype} and writes {result.dtype}")
    return graph, node, source, result


def _constant(graph: Graph, name: str, number: float, shape: Iterable[int], dtype: str) -> TensorNode:
    """A constant that is exactly ``number``: its scale is made for it."""
    _, high = LIMITS[dtype]
    level = high if number > 0 else -high if dtype == "INT8" else 0
    if number < 0 and dtype == "UINT8":
        raise EditRefused("a negative constant in a uint8 model")
    tensor = graph.add_tensor(name, dtype, tuple(shape))
    tensor.set_values(np.full(tuple(shape), level if number else 0, dtype=NUMPY[dtype]))
    tensor.set_quantization([abs(number) / high if number else 1.0], [0])
    return tensor


def _binary(
    kind: str, left: TensorNode, right: TensorNode, result: TensorNode, activation: str = "NONE"
) -> OperatorNode:
    options = schema.AddOptionsT() if kind == "ADD" else schema.MulOptionsT()
    options.fusedActivationFunction = ACTIVATIONS.index(activation)
    node = OperatorNode(schema.OperatorT(), kind, 2 if result.dtype == "INT8" else 1, [left, right], [result])
    node.set_options("AddOptions" if kind == "ADD" else "MulOptions", options)
    return node


def _replace(graph: Graph, old: OperatorNode, new: list[OperatorNode]) -> None:
    graph.insert_before(old, *new)
    graph.operators.remove(old)


EDITS = (
    EditKind(
        "leaky-relu-to-prelu",
        Safety.UNSAFE,
        "the same slope as an 8-bit constant: up to one step",
        leaky_relu,
        1.0,
    ),
    EditKind(
        "expand-hard-swish",
        Safety.UNSAFE,
        "the gate and the product are rounded to 8 bit on the way: a few steps",
        hard_swish,
        4.0,
    ),
    EditKind(
        "gelu-to-logistic",
        Safety.UNSAFE,
        "another function, within 0.0204 of GELU, and its gate is rounded to 8 bit: a few steps",
        gelu,
        4.0,
    ),
    EditKind(
        "expand-relu-0-to-1", Safety.SAFE, "the same integers are clamped to the same limits", relu_0_to_1
    ),
)

"""Give a fused activation an operator of its own.

The tensor between the two keeps the scale and zero point of the result, so the activation only clamps
integers that the fused kernel would have clamped to the same limits.  Measured with LiteRT: pools with
RELU, RELU6 and RELU_N1_TO_1 in int8 and uint8, TRANSPOSE_CONV and CONCATENATION: 0 steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ai_edge_litert import schema_py_generated as schema

from ...lint.finding import Safety
from ...model.option import ACTIVATIONS
from ..edit import EditKind, EditRefused
from ..nodes import OperatorNode
from ..tree import Tree

# The operators this was measured for, and the version each has without the activation, None: unchanged.
# TRANSPOSE_CONV: version 4 means fused activation, 3 a bias, 2 int8 without one. Source: op_version.cc.
OPERATORS = ("AVERAGE_POOL_2D", "MAX_POOL_2D", "CONCATENATION", "TRANSPOSE_CONV")
# int8 activations: RELU and RELU6 came with version 2, RELU_N1_TO_1 has only version 1.
ACTIVATION_VERSION = {"RELU": 2, "RELU6": 2, "RELU_N1_TO_1": 1}


def unfuse(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the operator with the fused activation."""
    graph = tree.main
    node = tree.operator(ref)
    if node not in graph.operators:
        raise EditRefused("the operator is gone")
    if node.kind not in OPERATORS:
        raise EditRefused(f"splitting the activation off {node.kind} was never measured")
    activation = ACTIVATIONS[node.options.fusedActivationFunction]
    if activation not in ACTIVATION_VERSION:
        raise EditRefused(f"there is no operator for the fused activation {activation}")
    result = node.outputs[0]
    if result.dtype not in ("INT8", "UINT8", "FLOAT32") or len(result.scales) > 1:
        raise EditRefused(f"the result is {result.dtype}")
    inner = graph.like(result, f"{result.name}/before_{activation.lower()}")
    node.options.fusedActivationFunction = 0
    node.outputs = [inner]
    if node.kind == "TRANSPOSE_CONV":
        with_bias = len(node.inputs) > 3 and node.inputs[3] is not None
        node.version = 3 if with_bias else 2 if result.dtype == "INT8" else 1
    version = ACTIVATION_VERSION[activation] if result.dtype == "INT8" else 1
    graph.insert_after(node, OperatorNode(schema.OperatorT(), activation, version, [inner], [result]))


EDITS = (
    EditKind(
        "unfuse-activation",
        Safety.SAFE,
        "the activation clamps the same integers to the same limits, one operator later",
        unfuse,
    ),
)

"""Per-channel weights of a FULLY_CONNECTED become per-tensor ones.

Converters since TensorFlow 2.17 give every unit of a dense layer a scale of its own; kernels of the Edge
TPU's generation read one.  Rounding the weights to the common scale costs up to two steps of the output
(measured on nine models).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..nodes import OperatorNode, TensorNode
from ..tree import Tree


def per_tensor(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is a FULLY_CONNECTED; every one that shares its weights is changed with it."""
    graph = tree.main
    node = tree.operator(ref)
    if node not in graph.operators or node.kind != "FULLY_CONNECTED":
        raise EditRefused("there is no FULLY_CONNECTED any more")
    weights = node.inputs[1]
    if weights is None or not weights.is_constant or weights.dtype != "INT8":
        raise EditRefused("the weights are no int8 constant")
    scales = np.array(weights.scales, dtype=np.float64)
    quantized = weights.values()
    if len(scales) < 2 or quantized.ndim != 2 or len(scales) != quantized.shape[0]:
        raise EditRefused(f"the weights have {len(scales)} scales for shape {list(weights.shape)}")
    readers = graph.consumers(weights)
    if any(reader.kind != "FULLY_CONNECTED" or reader.inputs[1] is not weights for reader in readers):
        raise EditRefused("another kind of operator reads the same weights")
    biases = _biases(readers)
    real = quantized.astype(np.float64) * scales[:, None]
    scale = float(np.max(np.abs(real))) / 127 or float(np.max(scales))
    weights.set_values(np.clip(np.round(real / scale), -127, 127).astype(np.int8))
    weights.set_quantization([scale], [0])
    for bias, reader in biases.items():
        source = reader.inputs[0]
        assert source is not None
        _requantize_bias(bias, np.array(source.scales[0] * scale))


def _biases(readers: list[OperatorNode]) -> dict[TensorNode, OperatorNode]:
    biases: dict[TensorNode, OperatorNode] = {}
    for reader in readers:
        source = reader.inputs[0]
        if source is None or len(source.scales) != 1:
            raise EditRefused("the input of the layer is not quantized per tensor")
        bias = reader.inputs[2] if len(reader.inputs) > 2 else None
        if bias is None:
            continue
        if not bias.is_constant or bias.dtype != "INT32" or not bias.scales:
            raise EditRefused("the bias is no quantized int32 constant")
        other = biases.get(bias)
        if other is not None and other.inputs[0] is not None and other.inputs[0].scales != source.scales:
            raise EditRefused("layers with inputs of different scales share one bias")
        biases[bias] = reader
    return biases


def _requantize_bias(bias: TensorNode, scale: np.ndarray[Any, Any]) -> None:
    real = bias.values().astype(np.float64) * np.array(bias.scales, dtype=np.float64)
    limits = np.iinfo(np.int32)
    bias.set_values(np.clip(np.round(real / scale), limits.min, limits.max).astype(np.int32))
    bias.set_quantization([float(scale)], [0])


EDITS = (
    EditKind(
        "per-tensor-dense-weights",
        Safety.UNSAFE,
        "weights are rounded to one common scale: up to two steps on nine measured models",
        per_tensor,
        2.0,
    ),
)

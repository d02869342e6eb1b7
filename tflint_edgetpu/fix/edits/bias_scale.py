"""Bring an int32 bias to the scale that its kernel assumes: input scale x weight scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..tree import Tree


def rescale(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the CONV_2D, DEPTHWISE_CONV_2D or FULLY_CONNECTED."""
    graph = tree.main
    node = tree.operator(ref)
    if node not in graph.operators or node.kind not in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"):
        raise EditRefused("there is no convolution or dense layer any more")
    source, weights = node.inputs[0], node.inputs[1]
    bias = node.inputs[2] if len(node.inputs) > 2 else None
    if source is None or weights is None or bias is None or not bias.is_constant or bias.dtype != "INT32":
        raise EditRefused("there is no constant int32 bias")
    if len(source.scales) != 1 or not weights.scales or not bias.scales:
        raise EditRefused("a scale is missing")
    if len(bias.scales) not in (1, bias.shape[0]) or len(weights.scales) not in (1, bias.shape[0]):
        raise EditRefused("the number of scales fits neither the tensor nor its channels")
    wanted = np.float64(source.scales[0]) * np.array(weights.scales, dtype=np.float64)
    old = np.array(bias.scales, dtype=np.float64)
    if not np.all(np.isfinite(wanted)) or np.any(wanted <= 0) or np.any(old <= 0):
        raise EditRefused("a scale is no positive number")
    if np.allclose(old, wanted, rtol=1e-6, atol=0):
        raise EditRefused("the scale is right already")
    limits = np.iinfo(np.int32)
    rescaled = np.round(bias.values().astype(np.float64) * old / wanted)
    if np.any(rescaled < limits.min) or np.any(rescaled > limits.max):
        raise EditRefused("a bias does not fit int32 at its scale")
    bias.set_values(rescaled.astype(np.int32))
    bias.set_quantization(np.broadcast_to(wanted, (len(wanted),)), [0] * len(wanted))


EDITS = (
    EditKind(
        "rescale-bias",
        Safety.UNSAFE,
        "kernels ignore the stored scale: the bias they add becomes the one that was meant",
        rescale,
        1.0,
    ),
)

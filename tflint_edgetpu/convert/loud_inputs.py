"""Calibration data that is far larger than what the first layer looks made for: pixels that nobody scaled."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..model.graph import Model, Operator, Tensor
from .calibration.ranges import input_names

FIRST_LAYERS = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")
# Layers are initialised, and with batch normalization kept, so that outputs are about as large as inputs of size 1.
# A first layer that makes more than this of the data was not trained on it, or a scaling is missing. A guess: a
# scaling that was fused into the weights gives about 1, pixels from 0 to 255 without one about 100.
LOUD = 20.0


def loud_input_notes(ranges: Mapping[str, tuple[float, float]], model: Model) -> list[str]:
    """One sentence for each input of the float model whose data is that large; ``ranges`` by input name."""
    notes = []
    for tensor in model.main.inputs:
        seen = next((ranges[name] for name in input_names(model, tensor) if name in ranges), None)
        readers = [operator for operator in model.main.operators if tensor in operator.inputs]
        if seen is None or len(readers) != 1 or readers[0].kind not in FIRST_LAYERS:
            continue
        reach = max(map(abs, seen))
        if reach * _gain(readers[0], model) > LOUD:
            notes.append(
                f"input '{input_names(model, tensor)[0]}' reaches {reach:.4g}, and the model begins with "
                f"{readers[0].kind}, without a scaling of its own: was it trained on such values? (a guess)"
            )
    return notes


def _gain(operator: Operator, model: Model) -> float:
    """How large an output is for independent inputs of size 1; 0 where the weights are not at hand."""
    weights: Tensor | None = operator.input(1)
    if weights is None or weights.dtype != "FLOAT32" or not weights.shape or not model.is_constant(weights):
        return 0.0
    values = np.frombuffer(model.data(weights), dtype="<f4").astype(np.float64)
    outputs = weights.shape[-1] if operator.kind == "DEPTHWISE_CONV_2D" else weights.shape[0]
    if not values.size or not outputs or not np.isfinite(values).all():
        return 0.0
    return float(np.sqrt(np.mean(values**2) * values.size / outputs))

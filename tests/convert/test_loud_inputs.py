"""Pixels that nobody scaled, told from a scaling that was fused into the first layer."""

from __future__ import annotations

import numpy as np
import pytest

from tflint_edgetpu.convert.loud_inputs import loud_input_notes
from tflint_edgetpu.model.graph import Model
from tflint_edgetpu.testing.builder import ModelBuilder


def network(spread: float, kind: str = "CONV_2D") -> Model:
    draw = np.random.default_rng(0)
    m = ModelBuilder("FLOAT32")
    if kind == "FULLY_CONNECTED":
        x = m.input((1, 27), name="x")
        weights = m.tensor((8, 27), data=draw.normal(0, spread, (8, 27)))
        out, options = m.tensor((1, 8)), "FullyConnectedOptions"
    else:
        x = m.input((1, 8, 8, 3), name="x")
        weights = m.tensor((8, 3, 3, 3), data=draw.normal(0, spread, (8, 3, 3, 3)))
        out, options = m.tensor((1, 8, 8, 8)), "Conv2DOptions"
    m.output(m.op(kind, [x, weights, m.bias(8)], [out], options=options))
    return m.model()


@pytest.mark.parametrize("kind", ["CONV_2D", "FULLY_CONNECTED"])
def test_raw_pixels_are_asked_about(kind: str) -> None:
    (note,) = loud_input_notes({"x": (0.0, 248.0)}, network(0.2, kind))
    assert note.startswith(f"input 'x' reaches 248, and the model begins with {kind}")


def test_scaled_pixels_and_a_fused_scaling_are_not() -> None:
    assert not loud_input_notes({"x": (-1.0, 1.0)}, network(0.2))
    assert not loud_input_notes({"x": (0.0, 255.0)}, network(0.2 / 127.5))


def test_nothing_is_said_of_inputs_without_data_or_with_another_beginning() -> None:
    assert not loud_input_notes({}, network(0.2))
    m = ModelBuilder("FLOAT32")
    m.output(m.unary("RELU", m.input((1, 8, 8, 3), name="x")))
    assert not loud_input_notes({"x": (0.0, 255.0)}, m.model())

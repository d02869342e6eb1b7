"""The range that calibration gave against the one the model tells of."""

from __future__ import annotations

import numpy as np
import pytest

from tflint_edgetpu.convert.calibration.ranges import model_range_notes, model_ranges
from tflint_edgetpu.model.graph import Model
from tflint_edgetpu.testing.builder import ModelBuilder


def quantized(scale: float, zero_point: int, dtype: str = "INT8") -> Model:
    m = ModelBuilder()
    x = m.input((1, 8, 8, 3), dtype, name="image", scale=scale, zero_point=zero_point)
    m.output(m.conv2d(x, filters=4, size=3))
    return m.model()


def preprocessing(steps: list[tuple[str, list[float]]]) -> Model:
    """A float model whose first operators are ``steps`` with constants."""
    m = ModelBuilder("FLOAT32")
    x = m.input((1, 8, 8, 3), name="image", scale=None)
    for kind, values in steps:
        constant = m.tensor((len(values),), "FLOAT32", data=np.array(values, np.float32), scale=None)
        options = {"MUL": "MulOptions", "ADD": "AddOptions", "SUB": "SubOptions"}[kind]
        x = m.op(kind, [x, constant], [m.tensor((1, 8, 8, 3), "FLOAT32", scale=None)], options=options)
    m.output(m.conv2d(x, filters=4, size=3))
    return m.model()


def test_pixels_for_a_model_of_minus_one_to_one() -> None:
    model = quantized(2 / 255, 0)
    (note,) = model_range_notes({"image": (0.0, 255.0)}, model)
    assert "from 0 to 255" in note and "-1.004 to 0.9961" in note and "quantized input" in note
    assert model_range_notes({"image": (-1.0, 1.0)}, model) == []
    assert model_range_notes({"image": (-0.9, 0.97)}, model) == [], "photographs do not use the whole range"
    assert model_range_notes({"other": (0.0, 255.0)}, model) == []


def test_half_a_range_is_a_wrong_offset() -> None:
    assert model_range_notes({"image": (0.0, 1.0)}, quantized(2 / 255, 0))


def test_uint8_input() -> None:
    model = quantized(1.0, 0, "UINT8")
    assert next(model_ranges(model))[1] == (0.0, 255.0)
    assert "-1 to 1" in model_range_notes({"image": (-1.0, 1.0)}, model)[0]


@pytest.mark.parametrize(
    "steps",
    [
        [("MUL", [1 / 127.5]), ("ADD", [-1.0])],
        [("MUL", [1 / 255])],
        [("SUB", [123.7, 116.8, 103.9]), ("MUL", [1 / 58.4, 1 / 57.1, 1 / 57.4])],
    ],
)
def test_a_model_that_normalizes_pixels_itself(steps: list[tuple[str, list[float]]]) -> None:
    model = preprocessing(steps)
    (note,) = model_range_notes({"image": (-1.0, 1.0)}, model)
    assert "0 to 255 is what the model's own preprocessing is made for" in note
    assert model_range_notes({"image": (0.0, 255.0)}, model) == []


@pytest.mark.parametrize("steps", [[], [("MUL", [2.0])], [("ADD", [0.5])], [("MUL", [-1 / 127.5])]])
def test_other_arithmetic_is_no_preprocessing(steps: list[tuple[str, list[float]]]) -> None:
    assert list(model_ranges(preprocessing(steps))) == []


def test_a_float_input_behind_which_a_quantize_stands() -> None:
    m = ModelBuilder()
    x = m.input((1, 8, 8, 3), "FLOAT32", name="image", scale=None)
    q = m.op(
        "QUANTIZE", [x], [m.tensor((1, 8, 8, 3), scale=1 / 255, zero_point=-128)], options="QuantizeOptions"
    )
    m.output(m.conv2d(q, filters=4, size=3))
    ((_, limits, _),) = model_ranges(m.model())
    assert limits == pytest.approx((0, 1))

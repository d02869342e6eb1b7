"""The contract card: real ranges, roles, and code that computes what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tflint_edgetpu.lint.contract import Contract, contract
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.detectors import detector

FIXTURES = Path(__file__).parents[2] / "fixtures"


def of(fill: Callable[[ModelBuilder], None]) -> Contract:
    m = ModelBuilder()
    fill(m)
    return contract(m.model())


@pytest.mark.parametrize(
    ("dtype", "scale", "point"), [("UINT8", 0.02, 7), ("INT8", 0.1, -3), ("INT8", 0.5, 0)]
)
def test_the_code_quantizes_and_dequantizes(dtype: str, scale: float, point: int) -> None:
    m = ModelBuilder(dtype)
    m.output(m.reshape(m.input((1, 6), scale=scale, zero_point=point), (6,)))
    m.subgraph.tensors[m.subgraph.outputs[0]].quantization = m.subgraph.tensors[0].quantization
    card = contract(m.model())
    space: dict[str, object] = {
        "np": np,
        "x0": np.array([-3.0, -0.5, 0.0, 0.3, 1.0, 100.0], dtype=np.float32),
    }
    exec(card.inputs[0].code, space)
    quantized = space["q0"]
    assert isinstance(quantized, np.ndarray) and quantized.dtype == np.dtype(dtype.lower())
    wanted = np.clip(
        np.round(np.asarray(space["x0"]) / np.float32(scale)) + point,
        *(np.iinfo(dtype.lower()).min, np.iinfo(dtype.lower()).max),
    )
    assert np.array_equal(quantized, wanted)
    exec(card.outputs[0].code, space)
    assert np.allclose(np.asarray(space["y0"]), (quantized.astype(float) - point) * scale)


def test_real_ranges() -> None:
    side = of(lambda m: m.output(m.conv2d(m.input((1, 16, 16, 3), scale=1 / 255, zero_point=-128)))).inputs[0]
    assert side.low == pytest.approx(0.0) and side.high == pytest.approx(1.0)
    assert side.role == "image" and side.certainty == "guess"
    assert "do not divide by 255 again" in side.code


def test_detections_have_their_roles_by_slot() -> None:
    card = of(lambda m: detector(m, order=("scores", "boxes", "count", "classes")))
    assert [side.role for side in card.outputs] == ["scores", "boxes", "count", "classes"]
    assert {side.certainty for side in card.outputs} == {"documented"}
    assert "ymin, xmin, ymax, xmax" in card.outputs[1].code
    assert card.outputs[0].code == "", "float needs no conversion"


def test_quantized_detections_keep_their_roles() -> None:
    card = of(lambda m: detector(m, quantized=True))
    assert [side.role for side in card.outputs] == ["boxes", "classes", "scores", "count"]
    assert card.outputs[2].code.startswith("y2 = (q2.astype(np.float32)")


@pytest.mark.parametrize(
    ("name", "role"), [("classifier_int8", "probabilities"), ("classifier_uint8_io", "probabilities")]
)
def test_a_softmax_gives_probabilities(name: str, role: str) -> None:
    assert contract(read_model(FIXTURES / f"{name}.tflite")).outputs[0].role == role


def test_a_float_input_needs_no_code_and_an_open_batch_is_told() -> None:
    card = of(lambda m: m.output(m.dequantize(m.quantize(m.input((1, 4), "FLOAT32", signature=(-1, 4))))))
    assert card.inputs[0].shape == (-1, 4) and card.inputs[0].code == ""
    assert card.to_dict()["inputs"][0]["scale"] is None


def test_a_hostile_name_stays_out_of_the_code() -> None:
    name = "x'); import os; os.system('true') #"
    card = of(lambda m: m.output(m.conv2d(m.input((1, 8, 8, 3), name=name))))
    assert card.inputs[0].name == name and "import os" not in card.inputs[0].code

"""The contract card: real ranges, roles, and code that computes what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from tflint_edgetpu.lint.contract import Contract, contract
from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.detectors import detector

FIXTURES = Path(__file__).parents[2] / "fixtures"


def of(fill: Callable[[ModelBuilder], None], dtype: str = "INT8") -> Contract:
    m = ModelBuilder(dtype)
    fill(m)
    return contract(m.model())


class FakeInterpreter:
    """Keeps what is set, and gives it back as the output."""

    def __init__(self) -> None:
        self.tensors: dict[int, Any] = {}

    def set_tensor(self, index: int, value: Any) -> None:
        self.tensors[index] = value

    def get_tensor(self, index: int) -> Any:
        return self.tensors[index]


@pytest.mark.parametrize(
    ("dtype", "scale", "point"), [("UINT8", 0.02, 7), ("INT8", 0.1, -3), ("INT8", 0.5, 0)]
)
def test_the_code_quantizes_and_dequantizes(dtype: str, scale: float, point: int) -> None:
    m = ModelBuilder(dtype)
    m.output(m.reshape(m.input((1, 6), scale=scale, zero_point=point), (6,)))
    m.subgraph.tensors[m.subgraph.outputs[0]].quantization = m.subgraph.tensors[0].quantization
    card = contract(m.model())
    space: dict[str, Any] = {
        "np": np,
        "interpreter": FakeInterpreter(),
        "input_details": [{"index": 3}],
        "output_details": [{"index": 3}],
        "x0": np.array([-3.0, -0.5, 0.0, 0.3, 1.0, 100.0], dtype=np.float32),
    }
    exec(card.inputs[0].code, space)
    quantized = space["interpreter"].tensors[3]
    assert quantized.dtype == np.dtype(dtype.lower())
    limits = np.iinfo(dtype.lower())
    wanted = np.clip(np.round(space["x0"] / np.float32(scale)) + point, limits.min, limits.max)
    assert np.array_equal(quantized, wanted)
    exec(card.outputs[0].code, space)
    assert np.allclose(space["y0"], (quantized.astype(float) - point) * scale)


def test_the_code_runs_a_model_as_its_float_twin_runs() -> None:
    """The lines for an integer model against the kernels of QUANTIZE and DEQUANTIZE."""
    models = {name: FIXTURES / f"classifier_{name}.tflite" for name in ("int8", "int8_float_io")}
    shape = read_model(models["int8"]).main.inputs[0].shape
    picture = np.random.default_rng(0).random(shape, dtype=np.float32)
    twin = Interpreter(str(models["int8_float_io"]))
    twin.allocate_tensors()
    twin.set_tensor(twin.get_input_details()[0]["index"], picture)
    twin.invoke()
    wanted = twin.get_tensor(twin.get_output_details()[0]["index"])

    card = contract(read_model(models["int8"]))
    interpreter = Interpreter(str(models["int8"]))
    interpreter.allocate_tensors()
    space: dict[str, Any] = {
        "np": np,
        "interpreter": interpreter,
        "input_details": interpreter.get_input_details(),
        "output_details": interpreter.get_output_details(),
        "x0": picture,
    }
    exec(card.inputs[0].code, space)
    interpreter.invoke()
    exec(card.outputs[0].code, space)
    assert np.array_equal(space["y0"], wanted)


@pytest.mark.parametrize(
    ("dtype", "scale", "point", "words"),
    [
        ("UINT8", 1 / 255, 0, "feed raw 0..255 uint8 pixels"),
        ("INT8", 1 / 255, -128, "feed pixel - 128"),
        ("UINT8", 1 / 128, 128, "-1..1 inside: feed raw 0..255 uint8 pixels"),
        ("INT8", 2 / 255, -1, "-1..1 inside: feed pixel - 128"),
        ("UINT8", 1.0, 0, "0..255 inside: feed raw 0..255 uint8 pixels"),
    ],
)
def test_the_shortcut_for_pixels_gives_the_same_integers(
    dtype: str, scale: float, point: int, words: str
) -> None:
    m = ModelBuilder(dtype)
    m.output(m.conv2d(m.input((1, 16, 16, 3), scale=scale, zero_point=point)))
    code = contract(m.model()).inputs[0].code
    assert words in code
    pixels = np.arange(256, dtype=np.uint8)
    real = {"0..1": pixels / 255, "-1..1": pixels / 127.5 - 1, "0..255": pixels / 1.0}
    inside = code.split(" inside")[0].rsplit("# ", 1)[1]
    space: dict[str, Any] = {"np": np, "pixels": pixels, "x0": real[inside]}
    exec(code.splitlines()[0], space)
    short = eval(code.split("q = ", 1)[1].split(";", maxsplit=1)[0].split(" (at most")[0], space)
    assert short.dtype == space["q0"].dtype
    steps = np.abs(short.astype(int) - space["q0"].astype(int)).max()
    assert steps <= (1 if inside == "-1..1" else 0)


def test_real_ranges() -> None:
    side = of(lambda m: m.output(m.conv2d(m.input((1, 16, 16, 3), scale=1 / 255, zero_point=-128)))).inputs[0]
    assert side.low == pytest.approx(0.0) and side.high == pytest.approx(1.0)
    assert side.role == "image" and side.certainty == "guess"
    assert "do not divide by 255 again" in side.code


@pytest.mark.parametrize(
    ("scale", "point", "line"),
    [
        (1 / 255, -128, "x = pixels / 255"),
        (2 / 255, -1, "x = pixels / 127.5 - 1"),
        (1.0, -128, "x = pixels,"),
    ],
)
def test_a_float_picture_is_told_by_its_quantize(scale: float, point: int, line: str) -> None:
    card = of(
        lambda m: m.output(
            m.dequantize(
                m.conv2d(m.quantize(m.input((1, 16, 16, 3), "FLOAT32"), scale=scale, zero_point=point))
            )
        )
    )
    side = card.inputs[0]
    assert side.scale is None and line in side.code
    assert side.low == pytest.approx((-128 - point) * scale)
    assert (card.outputs[0].low, card.outputs[0].high) == (-64.0, 63.5)


def test_a_picture_with_channels_first_is_told() -> None:
    side = of(lambda m: m.output(m.transpose(m.input((1, 3, 32, 32)), (0, 2, 3, 1)))).inputs[0]
    assert side.role == "image" and "pixels.transpose(2, 0, 1)" in side.code


@pytest.mark.parametrize("shape", [(1, 49, 10, 1), (1, 4, 4, 3), (8, 100, 32, 4), (1, 16)])
def test_what_is_no_picture_has_no_role(shape: tuple[int, ...]) -> None:
    side = of(lambda m: m.output(m.unary("RELU", m.input(shape, scale=1 / 255, zero_point=-128)))).inputs[0]
    assert side.role is None and "pixel" not in side.code


def test_detections_have_their_roles_by_slot() -> None:
    card = of(lambda m: detector(m, order=("scores", "boxes", "count", "classes")))
    assert [side.role for side in card.outputs] == ["scores", "boxes", "count", "classes"]
    assert {side.certainty for side in card.outputs} == {"documented"}
    assert "ymin, xmin, ymax, xmax" in card.outputs[1].code
    first = card.outputs[0].code.splitlines()[0]
    assert first == "scores = interpreter.get_tensor(output_details[0]['index'])", "float needs no conversion"


def test_quantized_detections_keep_their_roles() -> None:
    card = of(lambda m: detector(m, quantized=True))
    assert [side.role for side in card.outputs] == ["boxes", "classes", "scores", "count"]
    assert "scores = (q2.astype(np.float32) - 0) * 0.003" in card.outputs[2].code
    assert "np.rint(classes)" in card.outputs[1].code


def raw_yolo(m: ModelBuilder) -> None:
    x = m.input((1, 64, 64, 3))
    parts = [m.reshape(m.conv2d(x, 9, 1, stride=s), (1, 9, (64 // s) ** 2)) for s in (8, 16, 32)]
    m.output(m.concat(parts, axis=2, scale=0.004))


def raw_ssd(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 64, 64, 3)), stride=4)
    m.output(m.reshape(m.conv2d(x, 7, 1), (1, 256, 7)), m.reshape(m.conv2d(x, 4, 1), (1, 256, 4)))


def pixel_classes(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 16, 16, 3)))
    m.output(m.op("ARG_MAX", [x, m.constant([3])], [m.tensor((1, 16, 16), "INT64")]))


def pose(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 64, 64, 3)), 17, stride=16)
    made = [m.tensor(shape, "FLOAT32") for shape in ((1, 10, 17, 2), (1, 10, 17), (1, 10), (1,))]
    m.op("CUSTOM", [x, x, x], made, custom_code="PosenetDecoderOp")
    m.output(*reversed(made))


def dense(activation: str) -> Callable[[ModelBuilder], None]:
    return lambda m: m.output(m.dense(m.input((1, 16)), activation=activation))


@pytest.mark.parametrize(
    ("fill", "roles"),
    [
        (raw_yolo, ["raw YOLO"]),
        (raw_ssd, ["raw scores", "raw boxes"]),
        (pixel_classes, ["mask"]),
        (pose, ["pose count", "pose scores", "keypoint scores", "keypoints"]),
        (dense("NONE"), ["logits or values"]),
        (dense("RELU6"), ["features"]),
        (lambda m: m.output(m.unary("SOFTMAX", m.dense(m.input((1, 16))))), ["probabilities"]),
        (lambda m: m.output(m.unary("LOGISTIC", m.conv2d(m.input((1, 16, 16, 3))))), ["mask"]),
        (lambda m: m.output(m.unary("L2_NORMALIZATION", m.input((1, 128)))), ["embedding"]),
        (lambda m: m.output(m.conv2d(m.input((1, 16, 16, 3)))), ["pixel values"]),
        (lambda m: m.output(m.conv2d(m.input((1, 16, 16, 3)), stride=2)), ["feature map"]),
        (lambda m: m.output(m.unary("TANH", m.input((1, 16)))), [None]),
    ],
)
def test_roles(fill: Callable[[ModelBuilder], None], roles: list[str | None]) -> None:
    card = of(fill)
    assert [side.role for side in card.outputs] == roles
    assert all((side.role is None) == (side.certainty is None) for side in card.outputs)


def test_the_layout_of_a_yolo_is_told() -> None:
    assert "[1, 4 + classes, boxes]; boxes are cx, cy, w, h as shares" in of(raw_yolo).outputs[0].code


def test_a_compiled_file_shows_probabilities_by_their_scale() -> None:
    def fill(m: ModelBuilder) -> None:
        found = m.tensor((1, 10), "UINT8", scale=1 / 256)
        m.output(m.op("CUSTOM", [m.input((1, 16))], [found], custom_code="edgetpu-custom-op"))

    side = of(fill).outputs[0]
    assert (side.role, side.certainty) == ("probabilities", "guess")


@pytest.mark.parametrize(
    ("name", "role"), [("classifier_int8", "probabilities"), ("classifier_uint8_io", "probabilities")]
)
def test_a_softmax_gives_probabilities(name: str, role: str) -> None:
    assert contract(read_model(FIXTURES / f"{name}.tflite")).outputs[0].role == role


def test_a_float_input_needs_no_code_and_an_open_batch_is_told() -> None:
    card = of(lambda m: m.output(m.dequantize(m.quantize(m.input((1, 4), "FLOAT32", signature=(-1, 4))))))
    assert card.inputs[0].shape == (-1, 4) and card.inputs[0].code == ""
    assert card.to_dict()["inputs"][0]["scale"] is None


@pytest.mark.parametrize("scale", [float("nan"), float("inf"), 0.0, -0.5, [0.5, 0.25]])
def test_a_scale_that_cannot_be_computed_with_gives_no_code(scale: float | list[float]) -> None:
    card = of(lambda m: m.output(m.conv2d(m.input((1, 16, 16, 3), scale=scale))))
    side = card.inputs[0]
    assert (side.scale, side.zero_point, side.low, side.high, side.code) == (None, None, None, None, "")
    json.dumps(card.to_dict(), allow_nan=False)


def test_a_hostile_name_stays_out_of_the_code() -> None:
    name = "x'); import os; os.system('true') #"
    card = of(lambda m: m.output(m.conv2d(m.input((1, 8, 8, 3), name=name), name=name)))
    assert card.inputs[0].name == name and card.outputs[0].name == name
    assert "import os" not in card.inputs[0].code + card.outputs[0].code


def test_operators_in_a_circle_end_the_search_for_a_role() -> None:
    def fill(m: ModelBuilder) -> None:
        x, y = m.tensor((1, 8)), m.tensor((1, 8))
        m.op("RESHAPE", [x], [y])
        m.op("RESHAPE", [y], [x])
        m.output(y)

    assert of(fill).outputs[0].role is None


def test_every_real_model_has_a_card_that_computes(shared: Path) -> None:
    """All keys, plain JSON, and code that compiles and holds no name."""
    files = sorted((shared / "corpus").glob("*/*.tflite")) + sorted((shared / "corpus").glob("*/*/*.tflite"))
    cards = 0
    for file in files:
        try:
            model = read_model(file)
        except ReadError:
            continue
        data = contract(model).to_dict()
        json.dumps(data, allow_nan=False)
        assert len(data["inputs"]) == len(model.main.inputs)
        assert len(data["outputs"]) == len(model.main.outputs)
        for side in data["inputs"] + data["outputs"]:
            compile(side["code"], str(file), "exec")
            if side["scale"] is not None:
                assert "np.float32" in side["code"] or "np.round" in side["code"]
                assert side["low"] < side["high"]
        cards += 1
        model.close()
    assert cards > 150

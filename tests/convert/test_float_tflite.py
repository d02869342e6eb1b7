"""A float .tflite through LiteRT's quantizer, and the repair of what it leaves behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tflint_edgetpu.convert import float_tflite, tools
from tflint_edgetpu.convert.calibration import CalibrationRequest
from tflint_edgetpu.convert.errors import CannotConvert
from tflint_edgetpu.convert.float_repair import repair_quantized
from tflint_edgetpu.convert.float_tflite import prepare, quantize_float_model
from tflint_edgetpu.convert.tools import TENSORFLOW, quantizers, require_tools
from tflint_edgetpu.edgetpu.versions import needed_version
from tflint_edgetpu.model.graph import Model
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.verify.agreement import agree
from tflint_edgetpu.verify.numeric import compare
from tflint_edgetpu.verify.structure import structure_problems

FIXTURES = Path(__file__).parents[2] / "fixtures"
RANDOM = np.random.default_rng(7)


def kinds(model: Model) -> list[str]:
    return [operator.kind for operator in model.main.operators]


def branches(*, extra_reader: bool = False, move: bool = False) -> bytes:
    """Two layers, one of them requantized before they are put together, as the quantizer does it."""
    m = ModelBuilder()
    x = m.input((1, 8), name="x", scale=1 / 127)

    def layer(scale: float, name: str) -> int:
        w = m.tensor((6, 8), data=RANDOM.integers(-127, 128, (6, 8)), scale=1 / 127)
        y = m.tensor((1, 6), scale=scale, name=name)
        return m.op(
            "FULLY_CONNECTED", [x, w, m.bias(6, 1 / 127**2)], [y], version=1, options="FullyConnectedOptions"
        )

    a, b = layer(0.08, "a"), layer(0.065, "b")
    before = m.reshape(b, (6, 1)) if move else b
    again = m.quantize(before, scale=0.08)
    back = m.reshape(again, (1, 6)) if move else again
    m.output(m.concat([a, back], scale=0.08))
    if extra_reader:
        m.output(m.unary("RELU", b, scale=0.065))
    return m.build()


def test_a_requantization_becomes_part_of_the_layer() -> None:
    before = branches()
    data = repair_quantized(before)
    model = read_model(data)
    assert kinds(model) == ["FULLY_CONNECTED", "FULLY_CONNECTED", "CONCATENATION"]
    scales = [
        t.quantization.scale for t in model.main.operators[2].inputs if t is not None and t.quantization
    ]
    assert scales == pytest.approx([0.08, 0.08])
    assert compare(before, data).within(1.0)


@pytest.fixture(autouse=True)
def same_weights() -> None:
    """Every model of a test has the same weights."""
    RANDOM.bit_generator.state = np.random.default_rng(7).bit_generator.state


def test_what_only_moves_values_is_passed_through() -> None:
    before = branches(move=True)
    data = repair_quantized(before)
    assert kinds(read_model(data)).count("QUANTIZE") == 0
    assert compare(before, data).within(1.0) and structure_problems(data) == []


def test_a_layer_with_another_reader_keeps_its_scale() -> None:
    before = branches(extra_reader=True)
    data = repair_quantized(before)
    assert kinds(read_model(data)).count("QUANTIZE") == 1
    assert compare(before, data).identical


def test_operators_get_the_versions_their_types_need() -> None:
    assert [op.version for op in read_model(branches()).main.operators[:2]] == [1, 1]
    model = read_model(repair_quantized(branches()))
    for operator in model.main.operators:
        assert operator.version == needed_version(operator)
    assert [op.version for op in model.main.operators] == [4, 4, 2]


def test_a_version_above_what_is_needed_stays() -> None:
    data = (FIXTURES / "add_v4.tflite").read_bytes()
    versions = [op.version for op in read_model(data).main.operators]
    assert [op.version for op in read_model(repair_quantized(data)).main.operators] == versions


def test_dense_weights_get_one_scale() -> None:
    data = (FIXTURES / "classifier_per_channel_dense.tflite").read_bytes()
    fixed = repair_quantized(data)
    weights = [op.input(1) for op in read_model(fixed).main.operators if op.kind == "FULLY_CONNECTED"]
    assert weights and all(w and w.quantization and not w.quantization.per_channel for w in weights)
    assert compare(data, fixed).within(2.0)


def test_external_constants_come_into_the_file() -> None:
    data = (FIXTURES / "external_buffers.tflite").read_bytes()
    assert any(buffer.external for buffer in read_model(data).buffers)
    fixed = repair_quantized(data)
    model = read_model(fixed)
    assert not any(buffer.external for buffer in model.buffers) and compare(data, fixed).identical


def test_a_model_without_signature_gets_one_by_its_tensors() -> None:
    data = (FIXTURES / "classifier_float32.tflite").read_bytes()
    model = read_model(prepare(data, read_model(data)))
    (signature,) = model.signatures
    assert [name for name, _ in signature.inputs] == ["image"]
    assert [tensor for _, tensor in signature.outputs] == list(model.main.outputs)


@pytest.mark.parametrize(
    ("name", "why"), [("classifier_int8", "quantized already"), ("lstm", "subgraphs"), (None, ".")]
)
def test_what_is_no_float_model(name: str | None, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "find_spec", lambda name: object())
    data = b"nonsense" if name is None else (FIXTURES / f"{name}.tflite").read_bytes()
    with pytest.raises(CannotConvert, match=why):
        quantize_float_model(data, CalibrationRequest("random", ""))


def test_without_a_quantizer_the_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "find_spec", lambda name: None)
    with pytest.raises(
        CannotConvert, match=r"litert-quantizer or TensorFlow.*pip install 'tflint-edgetpu\[convert\]'"
    ):
        require_tools("float_tflite")


def test_a_crash_of_the_quantizer_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "crash.py"
    child.write_text(
        'import os, signal, sys\nsys.stdin.read()\nprint(\'{"stage": "calibrate"}\', flush=True)\n'
        "os.kill(os.getpid(), signal.SIGSEGV)\n"
    )
    monkeypatch.setattr(tools, "find_spec", lambda name: object())
    monkeypatch.setattr(float_tflite, "CHILD", child)
    with pytest.raises(CannotConvert, match=r"\(calibrate\): .*signal 11"):
        quantize_float_model(
            (FIXTURES / "classifier_float32.tflite").read_bytes(), CalibrationRequest("random", "")
        )


def test_the_result_that_maps_best_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    data = (FIXTURES / "classifier_float32.tflite").read_bytes()
    results = {
        name: (FIXTURES / f"{name}.tflite").read_bytes()
        for name in ("leaky_relu", "classifier_int8", "classifier_uint8_io", "grouped_convolution")
    }
    monkeypatch.setattr(float_tflite, "_quantize", lambda name, *rest: results[name])

    def best(*names: str) -> bytes:
        monkeypatch.setattr(float_tflite, "quantizers", lambda: names)
        return quantize_float_model(data, CalibrationRequest("random", ""))

    assert best("leaky_relu", "classifier_int8") == results["classifier_int8"]
    assert best("classifier_int8", "leaky_relu") == results["classifier_int8"]
    assert best("grouped_convolution", "leaky_relu") == results["leaky_relu"], (
        "the compiler refuses the first"
    )
    assert best("classifier_uint8_io", "classifier_int8") == results["classifier_uint8_io"], (
        "the first of equals"
    )


def test_one_quantizer_that_refuses_leaves_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    data = (FIXTURES / "classifier_float32.tflite").read_bytes()
    taken = (FIXTURES / "classifier_int8.tflite").read_bytes()

    def quantize(name: str, *rest: Any) -> bytes:
        if name.startswith("bad"):
            raise CannotConvert(f"{name} does not take it")
        return taken

    monkeypatch.setattr(float_tflite, "_quantize", quantize)
    monkeypatch.setattr(float_tflite, "quantizers", lambda: ("bad", "good"))
    assert quantize_float_model(data, CalibrationRequest("random", "")) == taken
    monkeypatch.setattr(float_tflite, "quantizers", lambda: ("bad one", "bad two"))
    with pytest.raises(CannotConvert, match="bad one does not take it; bad two does not take it"):
        quantize_float_model(data, CalibrationRequest("random", ""))


# With a quantizer


@pytest.fixture(params=["litert", "tensorflow"])
def quantizer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the two alone."""
    found = [name for name in quantizers() if (name == TENSORFLOW) == (request.param == "tensorflow")]
    if not found:
        missing = "TensorFlow" if request.param == "tensorflow" else "litert-quantizer or ai-edge-quantizer"
        pytest.skip(f"{missing} is not installed")
    monkeypatch.setattr(float_tflite, "quantizers", lambda: tuple(found))


def images(path: Path, count: int = 40) -> Path:
    colours = np.random.default_rng(2).uniform(-1, 1, (count, 1, 1, 3))
    noise = np.random.default_rng(3).normal(0, 0.1, (count, 32, 32, 3))
    np.save(path, np.clip(colours + noise, -1, 1).astype(np.float32))
    return path


def test_a_classifier(quantizer: None, tmp_path: Path) -> None:
    data = (FIXTURES / "classifier_float32.tflite").read_bytes()
    path = images(tmp_path / "a.npy")
    told: list[tuple[int, int]] = []
    request = CalibrationRequest("arrays", str(path), samples=32, held_back=8)
    result = quantize_float_model(data, request, lambda done, of: told.append((done, of)))
    model = read_model(result)
    assert [t.dtype for t in (*model.main.inputs, *model.main.outputs)] == ["INT8", "INT8"]
    assert all(op.version >= needed_version(op) for op in model.main.operators)
    assert not any(buffer.external for buffer in model.buffers) and structure_problems(result) == []
    for operator in model.main.operators:
        weights = operator.input(1) if operator.kind == "FULLY_CONNECTED" else None
        assert weights is None or (weights.quantization and not weights.quantization.per_channel)
    assert told[-1] == (32, 32) and len(told) == 32
    np.savez(tmp_path / "s.npz", image=np.load(path))
    found = agree(data, result, tmp_path / "s.npz")
    assert found.passed, found


def test_every_sample_counts_not_only_the_first(quantizer: None, tmp_path: Path) -> None:
    """The quantizer's own moving average forgets: with it the range would be that of the first, small sample."""
    m = ModelBuilder("FLOAT32")
    x = m.input((1, 4), name="x", scale=None)
    w = m.tensor((4, 4), "FLOAT32", data=np.eye(4, dtype=np.float32), scale=None)
    m.output(m.op("FULLY_CONNECTED", [x, w, m.bias(4)], [m.tensor((1, 4), "FLOAT32", scale=None)],
                  options="FullyConnectedOptions"))  # fmt: skip
    np.save(tmp_path / "a.npy", np.linspace(-10, 10, 80, dtype=np.float32).reshape(20, 4))
    request = CalibrationRequest("arrays", str(tmp_path / "a.npy"), samples=20, held_back=0)
    model = read_model(quantize_float_model(m.build(), request))
    quantization = model.main.inputs[0].quantization
    assert quantization is not None and quantization.scale == pytest.approx(20 / 255, rel=0.02)


def test_bad_calibration_data_is_one_line(quantizer: None, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((3, 7)))
    data = (FIXTURES / "classifier_float32.tflite").read_bytes()
    with pytest.raises(CannotConvert, match="needs shape") as caught:
        quantize_float_model(data, CalibrationRequest("arrays", str(tmp_path / "a.npy")))
    assert "\n" not in str(caught.value)


def test_an_open_batch_is_closed_first(quantizer: None, tmp_path: Path) -> None:
    m = ModelBuilder("FLOAT32")
    x = m.input((1, 8, 8, 3), name="x", scale=None, signature=(-1, 8, 8, 3))
    m.output(m.conv2d(x, filters=4, size=3))
    np.save(tmp_path / "a.npy", RANDOM.uniform(-1, 1, (8, 8, 8, 3)))
    model = read_model(quantize_float_model(m.build(), CalibrationRequest("arrays", str(tmp_path / "a.npy"))))
    assert not any(tensor.is_dynamic for tensor in model.main.tensors)


def test_large_weights_stand_in_the_file(quantizer: None, tmp_path: Path) -> None:
    m = ModelBuilder("FLOAT32")
    x = m.input((1, 640), name="x", scale=None)
    w: Any = RANDOM.normal(0, 1, (640, 640)).astype(
        np.float32
    )  # 400 KiB as int8: kept outside from 256 KiB on
    y = m.tensor((1, 640), "FLOAT32", scale=None)
    m.output(m.op("FULLY_CONNECTED", [x, m.tensor((640, 640), "FLOAT32", data=w, scale=None), m.bias(640)], [y],
                  options="FullyConnectedOptions"))  # fmt: skip
    np.save(tmp_path / "a.npy", RANDOM.uniform(-1, 1, (16, 640)))
    data = m.build()
    result = quantize_float_model(data, CalibrationRequest("arrays", str(tmp_path / "a.npy")))
    assert not any(buffer.external for buffer in read_model(result).buffers)
    np.savez(tmp_path / "s.npz", x=np.load(tmp_path / "a.npy"))
    assert agree(data, result, tmp_path / "s.npz").passed

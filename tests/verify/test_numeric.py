"""Comparing two models: identical, one step apart, not comparable, crashing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.verify import numeric
from tflint_edgetpu.verify.numeric import CannotVerify, compare
from tflint_edgetpu.verify.structure import structure_problems

RANDOM = np.random.default_rng(5)
WEIGHTS = RANDOM.integers(-127, 128, (4, 8))


def dense(
    *, change: int = 0, name: str = "result", inputs: int = 1, outputs: int = 1, scale: float = 0.02
) -> bytes:
    m = ModelBuilder()
    x = m.input((1, 8), name="x", scale=0.05)
    for number in range(1, inputs):
        m.input((1, 8), name=f"x{number}", scale=0.05)
    weights = WEIGHTS.copy()
    weights[0, 0] += change if weights[0, 0] < 100 else -change
    w = m.tensor((4, 8), "INT8", data=weights, scale=scale)
    y = m.op("FULLY_CONNECTED", [x, w, m.bias(4, 0.001)], [m.tensor((1, 4), scale=0.3, name=name)], version=4,
             options="FullyConnectedOptions")  # fmt: skip
    m.output(y)
    for number in range(1, outputs):
        m.output(m.unary("RELU", y, version=2, scale=0.3, name=f"extra{number}"))
    return m.build()


def test_a_model_equals_itself() -> None:
    comparison = compare(dense(), dense())
    assert comparison.identical and comparison.samples == numeric.DEFAULT_SAMPLES
    assert comparison.outputs[0].exercised


def test_a_changed_weight_is_seen_in_steps_and_decibels() -> None:
    comparison = compare(dense(), dense(change=60))
    assert not comparison.identical
    output = comparison.outputs[0]
    assert output.different and output.worst_steps is not None and output.worst_steps >= 1
    assert output.sqnr_db is not None and 0 < output.sqnr_db < 60
    assert comparison.within(1000) and not comparison.within(0.5)


def test_inputs_must_correspond() -> None:
    assert "2 inputs instead of 1" in str(compare(dense(), dense(inputs=2)).failure)


def test_outputs_are_matched_by_name_or_place() -> None:
    assert compare(dense(outputs=2), dense(outputs=1)).identical, "fewer outputs, each under its old name"
    assert compare(dense(), dense(name="renamed")).identical, "as many outputs, in their places"
    assert compare(dense(outputs=1), dense(outputs=2, name="other")).failure is not None


def test_a_reference_that_does_not_run_gives_no_verdict() -> None:
    m = ModelBuilder()
    m.output(m.op("CUSTOM", [m.input((1, 4))], [m.tensor((1, 4))], custom_code="Nobody"))
    broken = m.build()
    with pytest.raises(CannotVerify, match="Nobody"):
        compare(broken, broken)


def test_a_candidate_that_does_not_run_fails() -> None:
    m = ModelBuilder()
    x = m.input((1, 8), name="x", scale=0.05)
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 4), name="result", scale=0.3)], custom_code="Nobody"))
    assert "load candidate" in str(compare(dense(), m.build()).failure)


def test_a_crash_of_the_interpreter_is_reported_not_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "crash.py"
    child.write_text(
        'import os, signal, sys\nsys.stdin.read()\nprint(\'{"stage": "run candidate"}\', flush=True)\n'
        "os.kill(os.getpid(), signal.SIGSEGV)\n"
    )
    monkeypatch.setattr(numeric, "CHILD", child)
    assert "signal 11" in str(compare(dense(), dense()).failure)


def test_a_child_that_never_ends_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "sleep.py"
    child.write_text(
        'import sys, time\nsys.stdin.read()\nprint(\'{"stage": "load reference"}\', flush=True)\ntime.sleep(60)\n'
    )
    monkeypatch.setattr(numeric, "CHILD", child)
    monkeypatch.setattr(numeric, "TIMEOUT_SECONDS", 1)
    with pytest.raises(CannotVerify, match="did not finish within 1 s"):
        compare(dense(), dense())


def test_an_output_that_never_changes_is_called_not_exercised() -> None:
    m = ModelBuilder()
    x = m.input((1, 8), name="x", scale=0.05)
    y = m.op("FULLY_CONNECTED", [x, m.tensor((4, 8), "INT8", data=0, scale=0.02), m.bias(4, 0.001)],
             [m.tensor((1, 4), scale=0.3)], version=4, options="FullyConnectedOptions")  # fmt: skip
    m.output(y)
    data = m.build()
    assert compare(data, data).outputs[0].exercised is False


def test_own_inputs_from_a_file_and_from_a_folder(tmp_path: Path) -> None:
    np.savez(tmp_path / "inputs.npz", x=RANDOM.integers(-128, 128, (3, 8)))
    assert compare(dense(), dense(), samples=2, inputs=str(tmp_path / "inputs.npz")).samples == 5
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(4):
        np.save(folder / f"{number}.npy", RANDOM.integers(-128, 128, (1, 8)))
    assert compare(dense(), dense(), samples=0, inputs=str(folder)).samples == 4


def test_inputs_that_do_not_fit_are_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "wrong.npz", y=np.zeros((1, 8)), z=np.zeros((1, 8)))
    with pytest.raises(CannotVerify, match="no array for input 'x'"):
        compare(dense(), dense(), inputs=str(tmp_path / "wrong.npz"))
    np.savez(tmp_path / "shape.npz", x=np.zeros((1, 9)))
    with pytest.raises(CannotVerify, match="needs shape"):
        compare(dense(), dense(), inputs=str(tmp_path / "shape.npz"))
    with pytest.raises(CannotVerify):
        compare(dense(), dense(), inputs=str(tmp_path / "missing.npz"))


def test_a_single_array_fits_a_single_input(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", pictures=np.zeros((3, 8)))
    np.save(tmp_path / "b.npy", np.zeros((3, 8)))
    for name in ("a.npz", "b.npy"):
        assert compare(dense(), dense(), samples=0, inputs=str(tmp_path / name)).samples == 3
    with pytest.raises(CannotVerify, match="a single array, and the model has 2 inputs"):
        compare(dense(inputs=2), dense(inputs=2), inputs=str(tmp_path / "b.npy"))


def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    np.savez(tmp_path / "whole.npz", x=np.zeros((3, 8)))
    whole = (tmp_path / "whole.npz").read_bytes()
    for length in (2, 40, len(whole) // 2, len(whole) - 10):
        (tmp_path / "cut.npz").write_bytes(whole[:length])
        with pytest.raises(CannotVerify, match=r"cut\.npz: ") as caught:
            compare(dense(), dense(), inputs=str(tmp_path / "cut.npz"))
        assert "\n" not in str(caught.value)


def test_a_file_of_a_folder_is_one_sample(tmp_path: Path) -> None:
    np.save(tmp_path / "many.npy", np.zeros((3, 8)))
    with pytest.raises(
        CannotVerify, match=r"many\.npy: input 'x' has 3 samples, a file of a folder holds one"
    ):
        compare(dense(), dense(), inputs=str(tmp_path))


def test_pickled_inputs_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "evil.npz", x=np.array([{"a": 1}], dtype=object))
    with pytest.raises(CannotVerify, match="pickle"):
        compare(dense(), dense(), inputs=str(tmp_path / "evil.npz"))


def test_without_litert_the_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numeric, "litert_is_installed", lambda: False)
    with pytest.raises(CannotVerify, match=r"pip install 'tflint-edgetpu\[fix\]'"):
        compare(dense(), dense())


def test_structure_names_what_an_interpreter_would_stumble_over() -> None:
    m = ModelBuilder()
    m.input((1, 4))
    orphan = m.tensor((1, 4))
    m.output(m.unary("RELU", orphan, version=2))
    (problem,) = structure_problems(m.build())
    assert "which nothing made" in problem
    assert structure_problems(dense()) == []
    assert "cannot be read back" in structure_problems(b"nonsense")[0]

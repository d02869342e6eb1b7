"""The user's own generator function, and random data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tflint_edgetpu.convert.calibration import (
    Calibration,
    CalibrationError,
    CalibrationRequest,
    InputSpec,
    open_calibration,
)

TWO = [InputSpec("a", (1, 4), "float32"), InputSpec("b", (1, 3), "float32")]
ALIKE = [InputSpec("a", (1, 4), "float32"), InputSpec("b", (1, 4), "float32")]

CODE = """
import numpy as np

runs = 0

def dicts():
    global runs
    runs += 1
    for n in range(40):
        yield {"a": np.full((1, 4), n, np.float32), "serving_default_b:0": np.full((1, 3), runs)}

def lists():
    for n in range(4):
        yield [np.full((1, 3), -1.0), np.full((1, 4), float(n))]

def alike():
    yield [np.zeros((1, 4)), np.ones((1, 4))]

def batches():
    for n in range(3):
        yield {"a": np.arange(8.0).reshape(2, 4), "b": np.zeros((2, 3))}

def plain():
    for n in range(5):
        yield np.full((1, 4), n, np.float32)

def fails():
    yield {"a": np.zeros(4), "b": np.zeros(3)}
    raise RuntimeError("no more images")

def leaves():
    import sys
    sys.exit(3)

def nothing():
    return iter(())

def not_iterable():
    return 5

def ragged():
    yield {"a": [[1, 2], [3]], "b": np.zeros(3)}

forever = lambda: iter(lambda: {"a": np.zeros(4), "b": np.zeros(3)}, None)
number = 5
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "my_data.py"
    path.write_text(CODE)
    return path


def opened(source: str, inputs: list[InputSpec] = TWO, *, trust: bool = True, **fields: int) -> Calibration:
    return open_calibration(CalibrationRequest("function", source, trust_source=trust, **fields), inputs)


def test_the_function_runs_once_and_is_given_again(file: Path) -> None:
    calibration = opened(f"{file}:dicts", samples=10, held_back=4)
    first, again = list(calibration.calibration()), list(calibration.calibration())
    assert [s["a"].tolist() for s in first] == [s["a"].tolist() for s in again]
    assert {float(s["b"][0, 0]) for s in (*first, *again)} == {1.0}
    held = {float(s["a"][0, 0]) for s in calibration.held_back()}
    assert len(held) == 4 and not held & {float(s["a"][0, 0]) for s in first}


def test_nothing_runs_without_trust(file: Path, tmp_path: Path) -> None:
    file.write_text(f"open({str(tmp_path / 'owned')!r}, 'w')\n{CODE}")
    with pytest.raises(CalibrationError, match="--trust-source"):
        opened(f"{file}:dicts", trust=False)
    assert not (tmp_path / "owned").exists()


def test_lists_are_put_in_place_by_their_shapes(file: Path) -> None:
    sample = next(opened(f"{file}:lists").calibration())
    assert sample["b"].tolist() == [[-1, -1, -1]] and sample["a"].shape == (1, 4)


def test_lists_of_equal_shapes_are_not_guessed(file: Path) -> None:
    with pytest.raises(CalibrationError, match=r"give dicts such as \{'a': \.\.\., 'b': \.\.\.\}"):
        opened(f"{file}:alike", ALIKE)


def test_batches_are_taken_apart(file: Path) -> None:
    calibration = opened(f"{file}:batches", held_back=0)
    given = list(calibration.calibration())
    assert len(given) == 6 and all(sample["a"].shape == (1, 4) for sample in given)
    assert any("batches" in note for note in calibration.notes)


def test_a_single_input_may_come_bare(file: Path) -> None:
    assert len(list(opened(f"{file}:plain", TWO[:1], held_back=0).calibration())) == 5


def test_an_endless_function_is_read_as_far_as_wanted(file: Path) -> None:
    assert len(opened(f"{file}:forever", samples=7, held_back=2)) == 7


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("fails", "RuntimeError after 1 sample: no more images"),
        ("leaves", "SystemExit"),
        ("nothing", "gives no samples"),
        ("not_iterable", "not iterable"),
        ("ragged", "no array|needs numbers"),
        ("missing", "no function 'missing'"),
        ("number", "no function 'number'"),
    ],
)
def test_what_goes_wrong_is_one_line(file: Path, name: str, why: str) -> None:
    with pytest.raises(CalibrationError, match=why) as caught:
        opened(f"{file}:{name}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("source", ["no_such_module_here:f", "missing.py:f", "nonsense", "a:b c"])
def test_a_source_that_is_none(source: str) -> None:
    with pytest.raises(CalibrationError):
        opened(source)


def test_random_data_says_so_and_repeats_itself() -> None:
    inputs = [TWO[0], InputSpec("ids", (1, 3), "int64"), InputSpec("pixels", (1, 2), "uint8")]
    calibration = open_calibration(CalibrationRequest("random", "", samples=50, held_back=5), inputs)
    first = [sample["a"].tolist() for sample in calibration.calibration()]
    assert first == [sample["a"].tolist() for sample in calibration.calibration()]
    assert any("random" in note and "real samples" in note for note in calibration.notes)
    low, high = calibration.ranges["a"]
    assert -1 <= low < -0.8 and 0.8 < high <= 1
    assert calibration.ranges["ids"][0] >= 0 and calibration.ranges["pixels"][1] > 200


def test_random_data_of_a_range() -> None:
    request = CalibrationRequest("random", "", samples=50, held_back=0, value_range="0,255")
    calibration = open_calibration(request, TWO[:1])
    values = np.concatenate([sample["a"] for sample in calibration.calibration()])
    assert values.min() >= 0 and values.max() > 200

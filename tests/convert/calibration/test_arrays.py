"""Arrays: names, shapes, types, objects that would run code, sizes that lie."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tflint_edgetpu.convert.calibration import (
    Calibration,
    CalibrationError,
    CalibrationRequest,
    InputSpec,
    open_calibration,
)
from tflint_edgetpu.convert.calibration import arrays as arrays_module

ONE = [InputSpec("x", (1, 4), "float32")]
TWO = [InputSpec("a", (1, 4), "float32"), InputSpec("ids", (1, 3), "int32")]
RANDOM = np.random.default_rng(3)


def opened(path: Path, inputs: list[InputSpec] = ONE, **fields: Any) -> Calibration:
    return open_calibration(CalibrationRequest("arrays", str(path), **fields), inputs)


@pytest.mark.parametrize("shape", [(50, 4), (50, 1, 4), (50, 4, 1)])
def test_samples_stand_along_the_first_dimension(tmp_path: Path, shape: tuple[int, ...]) -> None:
    values = RANDOM.random(shape)
    np.save(tmp_path / "a.npy", values)
    calibration = opened(tmp_path / "a.npy", samples=30, held_back=10)
    given = [sample["x"] for sample in calibration.calibration()]
    assert len(given) == 30 and all(x.shape == (1, 4) and x.dtype == np.float32 for x in given)
    assert len(list(calibration.held_back())) == 10
    rows = {tuple(row) for row in values.reshape(50, 4).astype(np.float32)}
    assert {tuple(x[0]) for x in given} <= rows


@pytest.mark.parametrize("shape", [(4,), (1, 4)])
def test_a_single_sample(tmp_path: Path, shape: tuple[int, ...]) -> None:
    np.save(tmp_path / "a.npy", np.arange(4.0).reshape(shape))
    calibration = opened(tmp_path / "a.npy")
    (sample,) = calibration.calibration()
    assert sample["x"].tolist() == [[0, 1, 2, 3]] and list(calibration.held_back()) == []
    assert any("none held back" in note for note in calibration.notes)


@pytest.mark.parametrize("name", ["ids", "serving_default_ids:0", "ids:0"])
def test_several_inputs_are_found_by_name(tmp_path: Path, name: str) -> None:
    np.savez(tmp_path / "a.npz", **{"a": RANDOM.random((9, 4)), name: RANDOM.integers(0, 5, (9, 3))})
    sample = next(opened(tmp_path / "a.npz", TWO).calibration())
    assert sample["ids"].dtype == np.int32 and sample["ids"].shape == (1, 3)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"a": np.zeros((9, 4))}, "nothing for input 'ids'"),
        ({"a": np.zeros((9, 4)), "ids": np.zeros((8, 3), int)}, "different numbers of samples"),
        ({"a": np.zeros((9, 5)), "ids": np.zeros((9, 3), int)}, r"needs shape \[1, 4\]"),
        ({"a": np.zeros((9, 4)), "ids": np.zeros((9, 3))}, "is int32, the data is float64"),
        ({"a": np.zeros((9, 4), complex), "ids": np.zeros((9, 3), int)}, "needs numbers"),
        ({"a": np.array(["x"] * 36).reshape(9, 4), "ids": np.zeros((9, 3), int)}, "needs numbers"),
    ],
)
def test_what_does_not_fit_is_said_before_a_converter_starts(
    tmp_path: Path, content: dict[str, Any], why: str
) -> None:
    np.savez(tmp_path / "a.npz", **content)
    with pytest.raises(CalibrationError, match=why):
        opened(tmp_path / "a.npz", TWO)


def test_integers_beyond_the_input(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.full((3, 4), 300))
    with pytest.raises(CalibrationError, match="from 300 to 300"):
        list(opened(tmp_path / "a.npy", [InputSpec("x", (1, 4), "uint8")]).calibration())


def test_numbers_that_are_none(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.full((3, 4), np.nan))
    with pytest.raises(CalibrationError, match="no finite numbers"):
        list(opened(tmp_path / "a.npy").calibration())


@pytest.mark.parametrize("name", ["a.npy", "a.npz"])
def test_objects_are_refused_because_they_run_code(tmp_path: Path, name: str) -> None:
    class Evil:
        def __reduce__(self) -> Any:
            return (Path.write_text, (tmp_path / "owned", "yes"))

    array = np.array([Evil()] * 4, dtype=object)
    if name.endswith("z"):
        np.savez(tmp_path / name, x=array)
    else:
        np.save(tmp_path / name, array, allow_pickle=True)
    with pytest.raises(CalibrationError, match="Python objects, which can run code"):
        opened(tmp_path / name)
    assert not (tmp_path / "owned").exists()


def test_a_pickle_with_the_name_of_an_array(tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(b"\x80\x04\x95\x10\x00\x00\x00")
    with pytest.raises(CalibrationError):
        opened(tmp_path / "a.npy")


def test_an_archive_that_claims_more_than_a_machine_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrays_module, "MOST_UNPACKED_BYTES", 10_000)
    buffer = io.BytesIO()
    np.save(buffer, np.zeros((1000, 4)))
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", buffer.getvalue())
    assert (tmp_path / "a.npz").stat().st_size < 1000
    with pytest.raises(CalibrationError, match="bytes unpacked"):
        opened(tmp_path / "a.npz")


def test_a_header_that_claims_more_than_the_file_has(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((10, 4), np.float32))
    data = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(data.replace(b"(10, 4)", b"(9999999999, 4)").replace(b" " * 9, b"", 1))
    with pytest.raises(CalibrationError):
        opened(tmp_path / "a.npy")


def test_a_large_file_is_mapped_not_read(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((100, 4), np.float32))
    source = opened(tmp_path / "a.npy")._source
    assert isinstance(source, arrays_module.ArrayFile)
    assert isinstance(source._arrays["a"], np.memmap)


def test_a_folder_has_one_sample_a_file(tmp_path: Path) -> None:
    for number in range(6):
        np.savez(tmp_path / f"{number}.npz", a=np.full(4, number), ids=np.full(3, number))
    (tmp_path / "5.npz").write_bytes(b"PK\x03\x04 nonsense")
    calibration = opened(tmp_path, TWO, held_back=0)
    assert sorted(int(sample["a"][0, 0]) for sample in calibration.calibration()) == [0, 1, 2, 3, 4]
    assert any("1 of 6 entries cannot be read and was left out: " in note for note in calibration.notes)


def test_bytes_are_pixels_where_a_range_is_given(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.tile(np.array([0, 255, 0, 255], np.uint8), (20, 1)))
    scaled = opened(tmp_path / "a.npy", value_range="-1,1")
    assert next(scaled.calibration())["x"].tolist() == [[-1, 1, -1, 1]]
    assert any("scaled as pixels to -1,1" in note for note in scaled.notes)
    plain = opened(tmp_path / "a.npy")
    assert next(plain.calibration())["x"].tolist() == [[0, 255, 0, 255]]
    assert any("say --value-range" in note for note in plain.notes)


def test_floats_of_another_range_than_was_announced(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.linspace(0, 250, 80).reshape(20, 4))
    calibration = opened(tmp_path / "a.npy", value_range="-1,1")
    list(calibration.calibration())
    (note,) = [note for note in calibration.notes if "announced" in note]
    assert "-1 to 1 was announced" in note and re.search(r"to 25\d", note)
    np.save(tmp_path / "a.npy", RANDOM.uniform(-1, 1, (20, 4)))
    calibration = opened(tmp_path / "a.npy", value_range="-1,1")
    list(calibration.calibration())
    assert not [note for note in calibration.notes if "announced" in note]


def test_all_samples_the_same(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.tile(np.arange(4.0), (20, 1)))
    calibration = opened(tmp_path / "a.npy")
    list(calibration.calibration())
    assert any("all 15 samples are the same" in note for note in calibration.notes)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"samples": 0}, "at least 1"), ({"held_back": -1}, "from 0 on"), ({"resize": "tile"}, "resize"),
        ({"channels": "hsv"}, "channels"), ({"kind": "video"}, "kind"),
    ],
)  # fmt: skip
def test_a_request_that_makes_no_sense(tmp_path: Path, fields: dict[str, Any], why: str) -> None:
    request = CalibrationRequest("arrays", str(tmp_path))._replace(**fields)
    with pytest.raises(CalibrationError, match=why):
        open_calibration(request, ONE)


def test_open_sizes_and_no_inputs(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((3, 4)))
    with pytest.raises(CalibrationError, match="every size"):
        opened(tmp_path / "a.npy", [InputSpec("x", (1, -1), "float32")])
    with pytest.raises(CalibrationError, match="no inputs"):
        opened(tmp_path / "a.npy", [])

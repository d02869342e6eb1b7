"""Images as inputs: sizes, ranges, orientation, grey, alpha, 16 bit, broken files, classes, the split."""

from __future__ import annotations

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

PIL = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
ORIENTATION = 0x0112
INPUT = InputSpec("image", (1, 8, 6, 3), "float32")
HALVES = np.zeros((4, 4, 3), np.uint8)  # left black, right white
HALVES[:, 2:] = 255


def save(path: Path, pixels: Any, **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    PIL.fromarray(np.asarray(pixels, np.uint8) if pixels.dtype != np.uint16 else pixels).save(path, **options)
    return path


def grey(level: int) -> Any:
    return np.full((4, 4, 3), level, np.uint8)


def opened(folder: Path, spec: InputSpec = INPUT, **fields: Any) -> Calibration:
    fields = {"value_range": "0,255", **fields}
    return open_calibration(CalibrationRequest("images", str(folder), **fields), [spec])


def single(folder: Path, spec: InputSpec = INPUT, **fields: Any) -> Any:
    (sample,) = opened(folder, spec, held_back=0, **fields).calibration()
    return sample["image"]


@pytest.mark.parametrize(
    ("value_range", "values"),
    [
        ("-1,1", (-1, 1)), ("0,1", (0, 1)), ("0,255", (0, 255)), ("-0.5, 0.5", (-0.5, 0.5)),
        ("mean=127.5,std=127.5", (-1, 1)), ("mean=0.5,0.5,0.5,std=0.25,0.25,0.25", (-2, 2)),
        ("mean=100,std=50", (-2, 3.1)),
    ],
)  # fmt: skip
def test_black_and_white_become_the_ends_of_the_range(
    tmp_path: Path, value_range: str, values: tuple[float, float]
) -> None:
    for name, level, expected in (("black", 0, values[0]), ("white", 255, values[1])):
        save(tmp_path / name / "a.png", grey(level))
        array = single(tmp_path / name, value_range=value_range)
        assert array.dtype == np.float32 and array.shape == (1, 8, 6, 3)
        assert array == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("value_range", "why"),
    [
        ("", "range of pixels"), ("1,0", "say -1,1"), ("a,b", "no list of numbers"), ("mean=1", "needs a std"),
        ("mean=1,std=0", "above 0"), ("0,inf", "finite"), ("mean=1,2,std=1", "2 numbers"),
    ],
)  # fmt: skip
def test_a_range_that_makes_no_sense_is_refused(tmp_path: Path, value_range: str, why: str) -> None:
    save(tmp_path / "a.png", grey(0))
    with pytest.raises(CalibrationError, match=why):
        single(tmp_path, value_range=value_range)


def test_bgr_changes_the_order_of_channels(tmp_path: Path) -> None:
    save(tmp_path / "red.png", np.broadcast_to(np.array([255, 0, 0], np.uint8), (4, 4, 3)))
    assert list(single(tmp_path)[0, 0, 0]) == [255, 0, 0]
    assert list(single(tmp_path, channels="bgr")[0, 0, 0]) == [0, 0, 255]


def test_channels_first_are_transposed_and_said(tmp_path: Path) -> None:
    save(tmp_path / "red.png", np.broadcast_to(np.array([255, 0, 0], np.uint8), (4, 4, 3)))
    calibration = opened(tmp_path, InputSpec("image", (1, 3, 8, 6), "float32"))
    (sample,) = calibration.calibration()
    assert sample["image"].shape == (1, 3, 8, 6) and sample["image"][0, :, 0, 0].tolist() == [255, 0, 0]
    assert any("channels first" in note for note in calibration.notes)


@pytest.mark.parametrize(("dtype", "expected"), [("uint8", (0, 255)), ("int8", (-128, 127))])
def test_integer_inputs_get_the_pixels_themselves(
    tmp_path: Path, dtype: str, expected: tuple[int, int]
) -> None:
    save(tmp_path / "a.png", HALVES)
    array = single(tmp_path, InputSpec("image", (1, 4, 4, 3), dtype))
    assert (int(array.min()), int(array.max())) == expected and array.dtype == np.dtype(dtype)


def test_stretch_crop_and_letterbox(tmp_path: Path) -> None:
    wide = np.zeros((4, 12, 3), np.uint8)
    wide[:, :4] = 255  # the left third: a crop to the middle loses it
    save(tmp_path / "a.png", wide)
    spec = InputSpec("image", (1, 6, 6, 3), "float32")
    assert single(tmp_path, spec, resize="stretch")[0, :, 0].min() == 255
    assert single(tmp_path, spec, resize="crop").max() < 64, "a little of the pixel beside it"
    boxed = single(tmp_path, spec, resize="letterbox")
    assert boxed[0, 0].tolist() == [[114] * 3] * 6, "a grey bar above"
    assert boxed[0, 3, 0, 0] == 255, "the whole width in the middle"


def test_an_image_stands_as_its_exif_says(tmp_path: Path) -> None:
    exif = PIL.Exif()
    exif[ORIENTATION] = 3  # upside down
    pixels = np.zeros((16, 16, 3), np.uint8)
    pixels[:8] = 255
    save(tmp_path / "a.jpg", pixels, exif=exif, quality=100)
    calibration = opened(tmp_path, InputSpec("image", (1, 16, 16, 3), "float32"))
    (sample,) = calibration.calibration()
    assert sample["image"][0, 0].mean() < 20 and sample["image"][0, -1].mean() > 235
    assert "1 image: turned upright by the EXIF orientation" in calibration.notes
    list(calibration.calibration())
    assert "1 image: turned upright by the EXIF orientation" in calibration.notes, "read twice, counted once"


def test_grey_alpha_and_sixteen_bits(tmp_path: Path) -> None:
    save(tmp_path / "grey.png", np.full((4, 4), 77, np.uint8))
    save(tmp_path / "alpha.png", np.dstack([grey(50), np.zeros((4, 4), np.uint8)]))
    save(tmp_path / "deep.png", np.full((4, 4), 0x8000, np.uint16))
    calibration = opened(tmp_path, held_back=0)
    seen = {int(sample["image"].max()) for sample in calibration.calibration()}
    assert seen == {77, 50, 128}
    text = "\n".join(calibration.notes)
    for what in (
        "grey, given three equal channels",
        "alpha channel dropped",
        "16 bits a channel, reduced to 8",
    ):
        assert what in text


def test_a_model_with_one_channel_gets_grey(tmp_path: Path) -> None:
    save(tmp_path / "a.png", grey(90))
    calibration = opened(tmp_path, InputSpec("image", (1, 4, 4, 1), "float32"))
    (sample,) = calibration.calibration()
    assert sample["image"] == pytest.approx(90) and "1 image: colour made grey" in calibration.notes


def test_broken_files_are_left_out_and_named(tmp_path: Path) -> None:
    for number in range(4):
        save(tmp_path / f"good{number}.png", grey(number))
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "text.jpg").write_text("no image at all")
    cut = save(tmp_path / "cut.png", np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8))
    cut.write_bytes(cut.read_bytes()[:400])
    calibration = opened(tmp_path, held_back=0)
    assert len(list(calibration.calibration())) == 4
    assert any(
        note.startswith("3 of 7 entries cannot be read and were left out: first ")
        for note in calibration.notes
    )


def test_nothing_but_broken_files(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    with pytest.raises(CalibrationError, match=r"none of 1 samples can be read: a\.png"):
        list(opened(tmp_path).calibration())


def test_a_picture_with_too_many_pixels_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PIL, "MAX_IMAGE_PIXELS", 100)
    save(tmp_path / "a.png", np.zeros((12, 12, 3), np.uint8))
    with pytest.raises(CalibrationError, match="too many pixels"):
        list(opened(tmp_path).calibration())


def test_postscript_is_never_opened(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n")
    with pytest.raises(CalibrationError, match="no JPEG"):
        list(opened(tmp_path).calibration())


def test_classes_take_turns_and_the_seed_decides(tmp_path: Path) -> None:
    for number in range(20):
        save(tmp_path / "cats" / f"{number:02}.png", grey(10))
    for number in range(3):
        save(tmp_path / "dogs" / f"{number}.png", grey(20))
    save(tmp_path / ".hidden" / "a.png", grey(30))
    first = opened(tmp_path, samples=6, held_back=2)
    levels = [int(sample["image"].max()) for sample in first.calibration()]
    assert sorted(levels) == [10, 10, 10, 20, 20, 20], "three of each, although there are few dogs"
    assert "23 images from 2 folders, which took turns" in first.notes

    def names(seed: int) -> list[str]:
        calibration = opened(tmp_path, samples=6, held_back=2, seed=seed)
        return [calibration._source.label(number) for number in calibration._split.calibration]

    assert names(1) == names(1) != names(2)


def test_held_back_images_do_not_calibrate(tmp_path: Path) -> None:
    for number in range(40):
        save(tmp_path / f"{number:02}.png", grey(number))
    calibration = opened(tmp_path, samples=10, held_back=5)
    first = [int(sample["image"].max()) for sample in calibration.calibration()]
    again = [int(sample["image"].max()) for sample in calibration.calibration()]
    held = [int(sample["image"].max()) for sample in calibration.held_back()]
    assert first == again and len(first) == 10 and len(held) == 5 and not set(first) & set(held)


def test_too_few_images_keep_a_quarter_back(tmp_path: Path) -> None:
    for number in range(8):
        save(tmp_path / f"{number}.png", grey(number))
    calibration = opened(tmp_path)
    assert len(list(calibration.calibration())) == 6 and len(list(calibration.held_back())) == 2
    assert any("6 for calibration, 2 held back" in note for note in calibration.notes)


def test_what_is_held_back_of_few_has_all_classes(tmp_path: Path) -> None:
    for number in range(24):
        save(tmp_path / "many" / f"{number:02}.png", grey(10))
    for number in range(8):
        save(tmp_path / "few" / f"{number}.png", grey(20))
    calibration = opened(tmp_path)
    assert {int(sample["image"].max()) for sample in calibration.held_back()} == {10, 20}


def test_ranges_are_those_that_were_given(tmp_path: Path) -> None:
    save(tmp_path / "a.png", grey(51))
    calibration = opened(tmp_path, value_range="0,1")
    assert calibration.ranges == {}
    list(calibration.calibration())
    low, high = calibration.ranges["image"]
    assert low == high == pytest.approx(0.2)
    assert any("calibrates nothing" in note for note in calibration.notes)


@pytest.mark.parametrize("shape", [(1, 8, 6, 4), (2, 8, 6, 3), (1, 10), (1, 8, 0, 3)])
def test_an_input_that_takes_no_image(tmp_path: Path, shape: tuple[int, ...]) -> None:
    save(tmp_path / "a.png", grey(0))
    with pytest.raises(CalibrationError, match="shape"):
        opened(tmp_path, InputSpec("image", shape, "float32"))


def test_two_inputs_need_arrays(tmp_path: Path) -> None:
    save(tmp_path / "a.png", grey(0))
    with pytest.raises(CalibrationError, match="2 inputs"):
        open_calibration(CalibrationRequest("images", str(tmp_path), value_range="0,1"), [INPUT, INPUT])


def test_a_single_image(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", grey(9))
    calibration = opened(path)
    assert [int(sample["image"].max()) for sample in calibration.calibration()] == [9]
    assert calibration._source.label(0) == "a.png"


def test_folders_without_images(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match="no image in it"):
        opened(tmp_path)
    with pytest.raises(CalibrationError, match="no such folder"):
        opened(tmp_path / "missing")

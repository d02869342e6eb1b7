"""Bytes that lie: every reader gives samples or a CalibrationError, and never anything else."""

from __future__ import annotations

import gzip
import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tflint_edgetpu.convert.calibration import (
    CalibrationError,
    CalibrationRequest,
    InputSpec,
    open_calibration,
)
from tflint_edgetpu.convert.calibration.example import BadExample, read_example
from tflint_edgetpu.convert.calibration.record_framing import BadRecord, RecordFile, frame

VECTOR = [InputSpec("x", (1, 4), "float32")]
IMAGE = [InputSpec("x", (1, 8, 8, 3), "float32")]


def read_all(kind: str, path: Path, inputs: list[InputSpec]) -> int:
    """How many samples could be read."""
    request = CalibrationRequest(kind, str(path), value_range="0,255")
    try:
        calibration = open_calibration(request, inputs)
        return len([*calibration.calibration(), *calibration.held_back()])
    except CalibrationError as error:
        assert str(error) and "\n" not in str(error)
        return 0


@given(st.lists(st.binary(max_size=200), max_size=6))
@settings(max_examples=60, deadline=None)
def test_what_was_framed_is_read_back(payloads: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.tfrecord")
        path.write_bytes(b"".join(map(frame, payloads)))
        file = RecordFile(path)
        assert file.problem is None and [file.read(number) for number in range(len(file))] == payloads


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=4), st.data())
@settings(max_examples=80, deadline=None)
def test_a_changed_byte_is_noticed(payloads: list[bytes], data: st.DataObject) -> None:
    content = bytearray(b"".join(map(frame, payloads)))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.tfrecord")
        path.write_bytes(content)
        file = RecordFile(path)
        damaged = file.problem is not None
        for number in range(len(file)):
            try:
                file.read(number)
            except BadRecord:
                damaged = True
        assert damaged


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_the_protocol_buffer(data: bytes) -> None:
    try:
        features = read_example(data)
    except BadExample:
        return
    assert features


@given(st.binary(max_size=300), st.integers(0, 400))
@settings(max_examples=40, deadline=None)
def test_no_damage_breaks_compressed_files(data: bytes, cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.tfrecord")
        content = bytearray(gzip.compress(frame(data) * 3))
        content[min(cut, len(content) - 1)] ^= 0x55
        path.write_bytes(content[: cut + 10])
        read_all("tfrecord", path, VECTOR)


@given(st.binary(max_size=300), st.booleans())
@settings(max_examples=40, deadline=None)
def test_no_bytes_break_record_files(data: bytes, framed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.tfrecord")
        path.write_bytes(frame(data) if framed else data)
        read_all("tfrecord", path, VECTOR)


def array_bytes(name: str) -> bytes:
    buffer = io.BytesIO()
    values = np.arange(40, dtype=np.float32).reshape(10, 4)
    if name == "npz":
        np.savez(buffer, x=values)
    else:
        np.save(buffer, values)
    return buffer.getvalue()


@given(st.sampled_from(["npy", "npz"]), st.data())
@settings(max_examples=120, deadline=None)
def test_no_damage_breaks_the_readers_of_arrays(name: str, data: st.DataObject) -> None:
    content = bytearray(array_bytes(name))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    length = data.draw(st.integers(0, len(content)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a.{name}")
        path.write_bytes(content[:length] if data.draw(st.booleans()) else content)
        read_all("arrays", path, VECTOR)


def image_bytes(form: str) -> bytes:
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    buffer = io.BytesIO()
    pixels = np.random.default_rng(1).integers(0, 256, (16, 16, 3), np.uint8)
    image.fromarray(pixels).save(buffer, form)
    return buffer.getvalue()


@given(st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"]), st.data())
@settings(max_examples=150, deadline=None)
def test_no_damage_breaks_the_reader_of_images(form: str, data: st.DataObject) -> None:
    content = bytearray(image_bytes(form))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, min(len(content) - 1, 200)))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.png").write_bytes(content)
        Path(folder, "good.png").write_bytes(image_bytes("PNG"))
        assert read_all("images", Path(folder), IMAGE) >= 1


def test_names_and_kinds_of_files_that_are_traps(tmp_path: Path) -> None:
    good = image_bytes("PNG")
    (tmp_path / "a\x1b[31m\n.png").write_bytes(good)
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "dangling.png").symlink_to(tmp_path / "nowhere")
    (tmp_path / "device.png").symlink_to("/dev/zero")
    assert read_all("images", tmp_path, IMAGE) == 1


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    import os

    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes with names here")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "good.png").write_bytes(image_bytes("PNG"))
    assert read_all("images", tmp_path, IMAGE) == 1

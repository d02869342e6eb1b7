"""TFRecord: the framing with its checksums, tf.train.Example, images and numbers."""

from __future__ import annotations

import gzip
import io
import struct
from collections.abc import Sequence
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
    record_framing,
)
from tflint_edgetpu.convert.calibration import crc32c as crc_module
from tflint_edgetpu.convert.calibration.crc32c import crc32c
from tflint_edgetpu.convert.calibration.example import BadExample, read_example
from tflint_edgetpu.convert.calibration.record_framing import RecordFile, frame, masked_crc

ONE = [InputSpec("x", (1, 4), "float32")]


def varint(number: int) -> bytes:
    number &= 2**64 - 1
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


def feature(values: bytes | Sequence[float] | Sequence[int], *, packed: bool = True) -> bytes:
    if isinstance(values, bytes):
        return field(1, field(1, values))
    if any(isinstance(value, float) for value in values):
        if packed:
            return field(2, field(1, struct.pack(f"<{len(values)}f", *values)))
        return field(2, b"".join(varint(1 << 3 | 5) + struct.pack("<f", value) for value in values))
    numbers = [int(value) for value in values]
    if packed:
        return field(3, field(1, b"".join(map(varint, numbers))))
    return field(3, b"".join(varint(1 << 3) + varint(number) for number in numbers))


def example(**features: Any) -> bytes:
    entries = b"".join(
        field(
            1,
            field(1, name.replace("__", "/").encode()) + field(2, value),
        )
        for name, value in features.items()
    )
    return field(1, entries)


def records(path: Path, *examples: bytes, compressed: bool = False) -> Path:
    data = b"".join(map(frame, examples))
    path.write_bytes(gzip.compress(data) if compressed else data)
    return path


def opened(path: Path, inputs: list[InputSpec] = ONE, **fields: Any) -> Calibration:
    return open_calibration(CalibrationRequest("tfrecord", str(path), **fields), inputs)


def png(level: int) -> bytes:
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    buffer = io.BytesIO()
    image.fromarray(np.full((4, 4, 3), level, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def test_the_checksum_is_crc32c() -> None:
    # The check value of CRC-32C, and the vectors of RFC 3720, appendix B.4.
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA and crc32c(b"\xff" * 32) == 0x62A8AB43


@pytest.mark.parametrize("size", [2**17, 2**17 + 1, 200_003, 2**20])
def test_large_data_gives_the_checksum_of_its_bytes(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = np.random.default_rng(size).integers(0, 256, size, np.uint8).tobytes()
    fast = crc32c(data)
    monkeypatch.setattr(crc_module, "_LARGE", 2**40)
    assert fast == crc32c(data)


def test_a_record_is_framed_as_tensorflow_does() -> None:
    # tf.io.TFRecordWriter(...).write(b"hello"), TensorFlow 2.21.
    assert frame(b"hello").hex() == "0500000000000000eab2043e68656c6c6fbb1f1c19"


@pytest.mark.parametrize("packed", [True, False])
def test_numbers_packed_or_not(packed: bool) -> None:
    data = example(
        f=feature([1.5, -2.0], packed=packed), i=feature([3, -4], packed=packed), b=feature(b"\x00")
    )
    features = read_example(data)
    assert list(features["f"].numbers) == [1.5, -2.0] and features["f"].is_float
    assert list(features["i"].numbers) == [3, -4] and features["b"].texts == (b"\x00",)


@pytest.mark.parametrize("compressed", [True, False])
def test_floats_are_samples(tmp_path: Path, compressed: bool) -> None:
    path = records(
        tmp_path / "a.tfrecord",
        *(example(label=feature([number]), values=feature([float(number)] * 4)) for number in range(12)),
        compressed=compressed,
    )
    calibration = opened(path, samples=8, held_back=4)
    seen = [int(sample["x"][0, 0]) for sample in (*calibration.calibration(), *calibration.held_back())]
    assert sorted(seen) == list(range(12)) and seen != sorted(seen)


def test_several_inputs_by_name(tmp_path: Path) -> None:
    inputs = [InputSpec("a", (1, 2), "float32"), InputSpec("ids", (1, 3), "int32")]
    raw = np.arange(3, dtype=np.int32).tobytes()
    path = records(tmp_path / "a.tfrecord", example(ids=feature(raw), a=feature([1.0, 2.0])))
    (sample,) = opened(path, inputs).calibration()
    assert sample["ids"].tolist() == [[0, 1, 2]] and sample["a"].tolist() == [[1, 2]]


@pytest.mark.parametrize("name", ["image__encoded", "image", "image_raw"])
def test_encoded_images(tmp_path: Path, name: str) -> None:
    path = records(
        tmp_path / "a.tfrecord-00000-of-00001", example(**{name: feature(png(200)), "label": feature([1])})
    )
    inputs = [InputSpec("x", (1, 8, 8, 3), "float32")]
    calibration = opened(tmp_path, inputs, value_range="0,255")
    (sample,) = calibration.calibration()
    assert sample["x"] == pytest.approx(200) and sample["x"].shape == (1, 8, 8, 3)
    assert any(name.replace("__", "/") in note for note in calibration.notes)
    with pytest.raises(CalibrationError, match="range of pixels"):
        opened(path, inputs)


def test_a_damaged_record_is_left_out(tmp_path: Path) -> None:
    path = records(tmp_path / "a.tfrecord", *(example(v=feature([float(n)] * 4)) for n in range(4)))
    data = bytearray(path.read_bytes())
    data[-8] ^= 1  # inside the last record's data
    path.write_bytes(data)
    calibration = opened(path, held_back=0)
    assert len(list(calibration.calibration())) == 3
    assert any("checksum is wrong" in note for note in calibration.notes)


def test_a_damaged_first_record_does_not_hide_the_others(tmp_path: Path) -> None:
    path = records(tmp_path / "a.tfrecord", *(example(v=feature([float(n)] * 4)) for n in range(4)))
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    path.write_bytes(data)
    assert len(list(opened(path, held_back=0).calibration())) == 3


def test_a_file_that_is_cut_off_keeps_what_is_whole(tmp_path: Path) -> None:
    path = records(tmp_path / "a.tfrecord", *(example(v=feature([float(n)] * 4)) for n in range(4)))
    path.write_bytes(path.read_bytes()[:-5])
    calibration = opened(path, held_back=0)
    assert len(list(calibration.calibration())) == 3
    assert any("ends inside the record" in note and "3 records" in note for note in calibration.notes)


def test_a_compressed_file_that_is_cut_off(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    path = records(
        tmp_path / "a.tfrecord",
        *(example(v=feature(rng.random(4).tolist())) for _ in range(400)),
        compressed=True,
    )
    path.write_bytes(path.read_bytes()[:4000])
    file = RecordFile(path)
    assert 0 < len(file) < 400 and file.problem is not None and "ends inside" in file.problem
    assert file.read(len(file) - 1)


def test_a_file_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_framing, "MOST_UNPACKED_BYTES", 2**21)
    path = records(tmp_path / "a.tfrecord", *[bytes(2**20)] * 8, compressed=True)
    assert path.stat().st_size < 2**16
    file = RecordFile(path)
    assert 1 <= len(file) <= 3 and file.problem is not None and "unpacks to more than" in file.problem


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no record in it"),
        (b"this is a text file, not a record file", "no TFRecord file"),
        (frame(b"no protocol buffer"), "protocol buffer"),
        (frame(b""), "no tf.train.Example"),
    ],
)
def test_what_is_no_record_of_examples(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "a.tfrecord").write_bytes(content)
    with pytest.raises(CalibrationError, match=why):
        opened(tmp_path / "a.tfrecord")


def test_a_length_beyond_the_file_reads_nothing(tmp_path: Path) -> None:
    length = struct.pack("<Q", 2**62)
    (tmp_path / "a.tfrecord").write_bytes(length + struct.pack("<I", masked_crc(length)) + b"x" * 100)
    with pytest.raises(CalibrationError, match="ends inside the record"):
        opened(tmp_path / "a.tfrecord")


def test_features_that_fit_no_input_are_listed(tmp_path: Path) -> None:
    path = records(tmp_path / "a.tfrecord", example(label=feature([1]), box=feature([0.1, 0.2])))
    with pytest.raises(CalibrationError, match=r"'box', 'label'"):
        opened(path)


@pytest.mark.parametrize(
    "data", [b"\x0a", b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", b"\x0b", b"\x00"]
)
def test_a_broken_protocol_buffer(data: bytes) -> None:
    with pytest.raises(BadExample):
        read_example(data)


def test_tensorflow_agrees(tmp_path: Path) -> None:
    tf = pytest.importorskip("tensorflow", reason="TensorFlow is not installed")
    path = tmp_path / "a.tfrecord"
    with tf.io.TFRecordWriter(str(path)) as writer:
        for number in range(3):
            features = {
                "v": tf.train.Feature(float_list=tf.train.FloatList(value=[number] * 4)),
                "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[-number])),
            }
            writer.write(tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString())
    calibration = opened(path, held_back=0)
    assert sorted(int(sample["x"][0, 0]) for sample in calibration.calibration()) == [0, 1, 2]
    assert frame(b"hello") == _written_by_tensorflow(tf, tmp_path)


def _written_by_tensorflow(tf: Any, folder: Path) -> bytes:
    with tf.io.TFRecordWriter(str(folder / "b")) as writer:
        writer.write(b"hello")
    return (folder / "b").read_bytes()

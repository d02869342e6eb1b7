"""The label files behind a model, found in bounded time whatever the bytes say."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tflint_edgetpu.lint import labels as module
from tflint_edgetpu.lint.labels import Labels, find_labels
from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder


def plain() -> bytes:
    m = ModelBuilder()
    m.output(m.dense(m.input((1, 16)), 4))
    return m.build()


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO(plain())
    stream.seek(0, io.SEEK_END)
    with zipfile.ZipFile(stream, "a", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def found(data: bytes) -> Labels | None:
    return find_labels(read_model(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_one_label_a_line(method: int) -> None:
    labels = found(packed({"de/vocab.txt": b"1\n2\n3", "de/labels.txt": b"Hund\nKatze\n"}, method))
    assert labels == Labels("labels.txt", ("Hund", "Katze"))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("temp_meta.txt", b"{'imgsz': [64, 64], 'names': {0: 'person', 1: \"driver's seat\"}}"),
        ("metadata.json", b'{"names": {"0": "person", "1": "driver\'s seat"}, "stride": 32}'),
    ],
)
def test_the_names_of_an_ultralytics_export(file: str, text: bytes) -> None:
    assert found(packed({file: text})) == Labels(file, ("person", "driver's seat"))


def test_nothing_to_find() -> None:
    assert found(plain()) is None
    assert found(packed({"readme.txt": b"labels"})) is None
    assert found(packed({"metadata.json": b"{}"})) is None
    assert found(packed({"labels.txt": b""})) is None


def test_lists_in_several_languages_have_to_agree() -> None:
    assert found(packed({"labels_en.txt": b"a\nb", "labels_de.txt": b"c\nd"})) is not None
    assert found(packed({"labels_en.txt": b"a\nb", "labels_de.txt": b"c"})) is None


@pytest.mark.parametrize(("first", "background"), [("???", True), ("background", True), ("cat", False)])
def test_a_first_line_that_is_no_class(first: str, background: bool) -> None:
    labels = found(packed({"labels.txt": f"{first}\ndog".encode()}))
    assert labels is not None and labels.has_background is background


def test_a_bomb_is_not_unpacked() -> None:
    bomb = packed({"labels.txt": b"\n" * (50 * module.LONGEST_TEXT)}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < module.LONGEST_TEXT
    assert found(bomb) is None
    lying = bytearray(bomb)
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (1).to_bytes(4, "little")  # the directory calls it one byte long
    labels = found(bytes(lying))
    assert labels is None or len(labels.names) <= module.LONGEST_TEXT


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_archives_never_raise(data: st.DataObject) -> None:
    whole = bytearray(packed({"labels.txt": b"a\nb\nc", "metadata.json": b"{'names': {0: 'x'}}"}))
    start = whole.index(b"PK\x03\x04")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(start, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del whole[data.draw(st.integers(start, len(whole))) :]
    try:
        model = read_model(bytes(whole))
    except ReadError:
        return
    labels = find_labels(model)
    assert labels is None or labels.names


def test_the_labels_of_real_models(shared: Path) -> None:
    corpus = shared / "corpus"
    quant = find_labels(read_model(corpus / "singles" / "tensorflow_mobilenet_v1_0.25_224_quant.tflite"))
    assert quant is not None and len(quant.names) == 1001 and quant.has_background
    yolo = find_labels(read_model(corpus / "pairs" / "chienthan2vn_best_full_integer_quant" / "model.tflite"))
    assert yolo is not None and yolo.names == ("car", "free", "0", "1", "empty", "occupied")

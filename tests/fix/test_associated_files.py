"""What stands behind a model stays there, byte for byte, whatever it is."""

from __future__ import annotations

import io
import zipfile

import pytest

from tflint_edgetpu.fix.extent import model_end
from tflint_edgetpu.fix.repair import repair
from tflint_edgetpu.fix.tree import Tree
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.testing.builder import ModelBuilder

LABELS = b"person\nbicycle\n"


def model() -> bytes:
    m = ModelBuilder()
    x = m.quantize(m.input((1, 8, 8, 3), "FLOAT32", name="image"), scale=0.01)
    m.output(m.dequantize(m.conv2d(x), name="result"))
    return m.build()


def archive(*, before: bytes = b"") -> bytes:
    """``before`` with an archive behind it: two files, one deflated, comments and an extra field."""
    stream = io.BytesIO(before)
    stream.seek(0, io.SEEK_END)
    with zipfile.ZipFile(stream, "a" if before else "w") as file:
        file.comment = b"made by hand"
        label = zipfile.ZipInfo("labels.txt", (2021, 7, 3, 0, 0, 0))
        label.comment, label.extra = b"in order", b"\x99\x99\x02\x00ab"
        file.writestr(label, LABELS)
        file.writestr("scores.csv", b"0.5," * 100, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def fixed(data: bytes) -> bytes:
    outcome = repair(data, Plugins())
    assert outcome.applied and len(outcome.after) != len(data)
    return outcome.after


def behind(data: bytes) -> bytes:
    return data[model_end(data) :]


def is_readable(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.testzip() is None and file.read("labels.txt") == LABELS


@pytest.mark.parametrize("alone", [True, False], ids=["archive made apart", "archive appended"])
def test_an_archive_follows_its_model(alone: bool) -> None:
    before = model() + archive() if alone else archive(before=model())
    after = fixed(before)
    assert is_readable(after)
    with zipfile.ZipFile(io.BytesIO(after)) as file:
        assert file.comment == b"made by hand"
        assert (file.infolist()[0].comment, file.infolist()[0].extra) == (b"in order", b"\x99\x99\x02\x00ab")
        if not alone:  # strict readers take the offsets as they stand
            at = file.infolist()[0].header_offset
            assert after[at : at + 4] == b"PK\3\4" and at == model_end(after)
    assert len(behind(after)) == len(behind(before))
    assert Tree(after).pack() == after


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(archive().replace(LABELS, LABELS.upper()), id="an archive with a wrong checksum"),
        pytest.param(archive()[:-30], id="an archive that was cut"),
        pytest.param(archive().replace(b"PK\1\2", b"PK\1\3"), id="an archive without its directory"),
        pytest.param(archive().replace(b"PK\1\2\x14\x03\x14\0\0", b"PK\1\2\x14\x03\x14\0\1"), id="encrypted"),
        pytest.param(b"no archive at all", id="no archive"),
        pytest.param(archive() + b"and more", id="an archive and more"),
    ],
)
def test_what_cannot_be_read_is_kept_as_it_is(rest: bytes) -> None:
    assert rest != archive()
    after = fixed(model() + rest)
    assert behind(after) == rest
    assert fixed_point(after)


def fixed_point(data: bytes) -> bool:
    return repair(data, Plugins()).after == data


def test_nothing_stands_behind_what_a_converter_wrote() -> None:
    data = model()
    assert model_end(data) == len(data) and model_end(data + bytes(100)) == len(data)

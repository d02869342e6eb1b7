"""Files that are no model: each is called by its name, with what to do."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder

LFS = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:5a1265f67367f238c4ccc4c2ccd9c280908a9d5f98a6f88d512c147b1f1309a8\nsize 4637120\n"
)


def good() -> bytes:
    m = ModelBuilder()
    m.output(m.conv2d(m.input((1, 8, 8, 4)), filters=16, size=3))
    return m.build()


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("detector.tflite", good())
    return stream.getvalue()


def tarred() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        entry = tarfile.TarInfo("detector.tflite")
        entry.size = len(good())
        archive.addfile(entry, io.BytesIO(good()))
    return stream.getvalue()


def protobuf(*fields: tuple[int, bytes | int]) -> bytes:
    """A protobuf message of short fields: bytes, or a small number."""
    data = b""
    for number, value in fields:
        if isinstance(value, int):
            data += bytes((number << 3, value))
        else:
            data += bytes((number << 3 | 2, len(value))) + value
    return data


def with_version(version: int) -> bytes:
    data = bytearray(good())
    root = struct.unpack_from("<I", data, 0)[0]
    vtable = root - struct.unpack_from("<i", data, root)[0]
    at = root + struct.unpack_from("<H", data, vtable + 4)[0]
    struct.pack_into("<I", data, at, version)
    return bytes(data)


# name -> bytes, and what the line has to say
KINDS: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "empty": (b"", ("empty", "0 bytes")),
    "few bytes": (b"\x1c\0\0", ("3 bytes", "header")),
    "LFS pointer": (LFS, ("Git LFS pointer", "4,637,120 bytes", "git lfs pull")),
    "LFS pointer, Windows": (LFS.replace(b"\n", b"\r\n"), ("Git LFS pointer", "4,637,120 bytes")),
    "HTML": (b"\n<!DOCTYPE html><html><title>Sign in</title>", ("HTML", "'raw'")),
    "HTML behind a comment": (b"<!-- cached -->\n<html lang=en>", ("HTML",)),
    "XML": (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', ("XML", "error message")),
    "JSON": (b'{"message": "Not Found"}', ("JSON",)),
    "text": (b"404: Not Found\n", ("text", "404: Not Found")),
    "long text": (b"x" * 5000, ("text", "xxx...")),
    "text cut inside a letter": (b"a" * 4095 + "ä".encode(), ("text",)),
    "white space": (b" \n\n  \n", ("white space", "6 bytes")),
    "compiler log": (b"Edge TPU Compiler version 16.0.384591198\n", ("log of edgetpu_compiler",)),
    "symbolic link": (b"../../models/a.tflite", ("symbolic link", "../../models/a.tflite", "core.symlinks")),
    "C source": (b"alignas(8) const unsigned char g_model[] = {0x1c};", ("C source",)),
    "ZIP": (zipped(), ("ZIP", ".task", "unpack")),
    "gzip": (gzip.compress(good()), ("gzip", "gunzip")),
    "tar": (tarred(), ("tar archive",)),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(100), ("HDF5", "Keras", "convert")),
    "pickle": (b"\x80\x02}q\0(X" + bytes(40), ("pickle", "PyTorch")),
    "NumPy": (b"\x93NUMPY\1\0v\0" + bytes(40), ("NumPy",)),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(40), ("PNG",)),
    "ELF": (b"\x7fELF\2\1\1" + bytes(60), ("ELF",)),
    "ONNX": (protobuf((1, 8), (2, b"pytorch"), (3, b"2.3.0")), ("ONNX", "onnx2tf")),
    "ONNX, graph first": (protobuf((1, 7), (7, b"\x0a\x04onnx")), ("ONNX",)),
    "SavedModel": (protobuf((1, 1), (2, b"\x0a\x05serve")), ("SavedModel", "convert")),
    "frozen graph": (b"\x0a\x1b\x0a\x05input\x12\x0bPlaceholder*\x05", ("frozen TensorFlow graph",)),
    "bare package": (b"\x10\0\0\0DWN1" + bytes(60), ("DWN1", "Edge TPU package")),
    "zeros": (bytes(10_000), ("10,000 bytes", "zero")),
    "UTF-16": ("a log of something\r\n".encode("utf-16"), ("UTF-16", "a log of something")),
    "UTF-16, big-endian": (b"\xfe\xff" + "some text".encode("utf-16-be"), ("UTF-16", "some text")),
    "model as UTF-16": (good().decode("latin-1").encode("utf-16"), ("UTF-16", "binary")),
    "model as UTF-8": (good().decode("utf-8", "replace").replace("\0", "\ufffd").encode(), ("binary",)),
    "zeros become spaces": (good().replace(b"\0", b" "), ("zero bytes", "spaces", "binary")),
    "zeros become question marks": (good().replace(b"\0", b"?"), ("zero bytes", "binary")),
    "one byte too many": (b"\n" + good(), ("shifted", "byte 5")),
    "one byte lost": (good()[1:], ("shifted", "byte 3")),
    "truncated": (good()[:400], ("truncated",)),
    "another identifier": (b"\x1c\0\0\0TFL2" + bytes(60), ("'TFL2'", "'TFL3'", "byte 4")),
    "random bytes": (bytes(range(128, 256)) * 2, ("TFL3", "another kind of file")),
    "schema version 2": (with_version(2), ("schema version 2", "3")),
    "schema version 0": (with_version(0), ("schema version 0",)),
    "no subgraph": (struct.pack("<I4sHHHHiI", 16, b"TFL3", 6, 8, 4, 0, 8, 3), ("no subgraph",)),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_no_model(kind: str, tmp_path: Path) -> None:
    data, words = KINDS[kind]
    path = tmp_path / "model.tflite"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read_model(path)
    said = str(caught.value)
    assert [word for word in words if word not in said] == [], said
    assert "\n" not in said and len(said) < 400


def test_a_good_file_is_none_of_these() -> None:
    assert read_model(good()).main.operators
    assert read_model(with_version(3)).version == 3


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="directory"):
        read_model(tmp_path)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        read_model(tmp_path / "model.tflite")


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "model.tflite").symlink_to("elsewhere.tflite")
    with pytest.raises(ReadError, match=r"elsewhere\.tflite"):
        read_model(tmp_path / "model.tflite")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_no_regular_file() -> None:
    with pytest.raises(ReadError, match="not a regular file"):
        read_model(os.devnull)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(good())
    path.chmod(0)
    with pytest.raises(ReadError, match="cannot be opened"):
        read_model(path)


# What the files named 'invalid' among the real ones are.
INVALID = {
    "ad_medium_int8": "Git LFS pointer",
    "ad_large_int8": "Git LFS pointer",
    "invalid_model": "Git LFS pointer",
    "face-detector-quantized_edgetpu": "zero bytes are spaces",
}


def test_what_the_invalid_files_of_the_corpus_are(shared: Path) -> None:
    files = sorted((shared / "corpus" / "singles").glob("*invalid*"))
    assert len(files) >= 12
    for path in files:
        with pytest.raises(ReadError) as caught:
            read_model(path)
        expected = next((what for name, what in INVALID.items() if name in path.name), "Git symbolic link")
        assert expected in str(caught.value), path.name

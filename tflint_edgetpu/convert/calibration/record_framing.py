"""The framing of TFRecord files: length, checksum of the length, data, checksum of the data.

Source: tensorflow/core/lib/io/record_writer.h.  All numbers are little-endian; checksums are CRC-32C,
rotated and shifted by a constant ("masked") so that a checksum of checksums is none.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .crc32c import crc32c

_HEADER = struct.Struct("<QI")
_FOOTER = struct.Struct("<I")
_MASK_DELTA = 0xA282EAD8
_LONGEST = 2**48  # bytes; no file has as many, and systems refuse to seek further
# What a gzip file may unpack to, on disk: a guess. Zeros shrink to a thousandth.
MOST_UNPACKED_BYTES = 16 * 2**30
_PIECE = 2**20
_GZIP = 31  # zlib's word for a gzip header and the largest window


class BadRecord(Exception):
    """The bytes are no record; the text says why."""


def masked_crc(data: bytes) -> int:
    """The checksum as it stands in the file."""
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF


def frame(data: bytes) -> bytes:
    """``data`` as one record."""
    length = struct.pack("<Q", len(data))
    return length + _FOOTER.pack(masked_crc(length)) + data + _FOOTER.pack(masked_crc(data))


class RecordFile:
    """The whole records of one file, by number. TensorFlow's GZIP compression is undone once, into a file.

    ``problem`` says what stopped the search before the end of the file.  Raises OSError where it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem: str | None = None
        self._unpacked: IO[bytes] | None = None
        with path.open("rb") as raw:
            compressed = raw.read(2) == b"\x1f\x8b"
            if compressed:
                raw.seek(0)
                self._unpacked = self._unpack(raw)
        with self._stream() as stream:
            self.offsets = self._index(stream)

    def __len__(self) -> int:
        return len(self.offsets)

    def read(self, number: int) -> bytes:
        """The data of a record, its checksum checked; raises :class:`BadRecord`."""
        offset, length = self.offsets[number]
        with self._stream() as stream:
            stream.seek(offset)
            data, footer = stream.read(length), stream.read(_FOOTER.size)
        if len(data) != length or len(footer) != _FOOTER.size:
            raise BadRecord("the file ends inside it")
        if masked_crc(data) != _FOOTER.unpack(footer)[0]:
            raise BadRecord("its checksum is wrong")
        return data

    @contextmanager
    def _stream(self) -> Iterator[IO[bytes]]:
        if self._unpacked is not None:
            self._unpacked.seek(0)
            yield self._unpacked
            return
        with self.path.open("rb") as stream:
            yield stream

    def _unpack(self, raw: IO[bytes]) -> IO[bytes]:
        target = tempfile.TemporaryFile(prefix="tflint-edgetpu-")  # noqa: SIM115 - it lives as long as this
        decoder = zlib.decompressobj(_GZIP)
        try:
            piece = raw.read(_PIECE)
            while piece:
                target.write(decoder.decompress(piece, _PIECE))
                piece = decoder.unconsumed_tail
                if decoder.eof:  # a gzip file may be several, one behind the other
                    piece, decoder = decoder.unused_data, zlib.decompressobj(_GZIP)
                piece = piece or raw.read(_PIECE)
                if target.tell() > MOST_UNPACKED_BYTES:
                    self.problem = f"it unpacks to more than {MOST_UNPACKED_BYTES / 2**30:g} GiB"
                    break
        except zlib.error as error:
            self.problem = f"its compression is damaged ({error})"
        return target

    def _index(self, stream: IO[bytes]) -> list[tuple[int, int]]:
        """(start of the data, length) of every whole record. Only the lengths are read and checked here."""
        found: list[tuple[int, int]] = []
        offset = 0
        try:
            while header := stream.read(_HEADER.size):
                length = _length(header, offset)
                # One byte beyond the data says that it is all there, without reading it.
                stream.seek(offset + _HEADER.size + length + _FOOTER.size - 1)
                if len(stream.read(1)) != 1:
                    raise BadRecord(f"it ends inside the record at byte {offset}")
                found.append((offset + _HEADER.size, length))
                offset += _HEADER.size + length + _FOOTER.size
        except BadRecord as error:
            self.problem = self.problem or str(error)
        return found


def _length(header: bytes, offset: int) -> int:
    if len(header) < _HEADER.size:
        raise BadRecord(f"it ends inside the record at byte {offset}")
    length, checksum = _HEADER.unpack(header)
    if masked_crc(header[:8]) != checksum:
        what = "this is no TFRecord file" if offset == 0 else f"no record begins at byte {offset}"
        raise BadRecord(f"{what} (the checksum of the length is wrong)")
    if length > _LONGEST:
        raise BadRecord(f"it ends inside the record at byte {offset}")
    return int(length)

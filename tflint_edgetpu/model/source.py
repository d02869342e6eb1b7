"""Where a model's bytes come from: memory for small files, pages read on demand for large ones.

Large files are read page by page instead of being memory-mapped.  Touching a mapping of a file that
was truncated meanwhile kills the process with SIGBUS, which Python cannot catch; a short read is an
ordinary error.  It also leaves nothing mapped that would keep a file from being replaced.
"""

from __future__ import annotations

import os
import struct
from abc import abstractmethod
from struct import Struct
from typing import Any, BinaryIO

from .errors import ReadError

# Below this size one read costs less than the bookkeeping of pages (4 MB are read in about 1 ms).
READ_WHOLE_BELOW = 16 * 2**20
PAGE = 2**14
PAGES_KEPT = 256  # 4 MiB: the metadata of a real model lies close together


class ByteSource:
    """Random access to the bytes of one file; every read is checked against its size."""

    size: int

    @abstractmethod
    def read(self, position: int, length: int) -> bytes:
        """Exactly ``length`` bytes; raises :class:`ReadError` where there are fewer."""

    def unpack(self, layout: Struct, position: int) -> tuple[Any, ...]:
        """Decode ``layout`` at ``position``; raises :class:`ReadError` outside the file."""
        return layout.unpack(self.read(position, layout.size))

    def close(self) -> None:
        """Let go of the file. Decoded data stays valid, constants can no longer be read."""

    def __reduce__(self) -> tuple[type[ClosedSource], tuple[int]]:
        """Another process gets the model without the file: constants are not sent along."""
        return ClosedSource, (self.size,)

    def _check(self, position: int, length: int) -> None:
        if position < 0 or position + length > self.size:
            raise self._outside(position, length)

    def _outside(self, position: int, length: int) -> ReadError:
        where = "before its first byte" if position < 0 else f"at byte {self.size:,}"
        return ReadError(
            f"{length:,} bytes are needed here, but the file ends {where}: it is truncated or damaged",
            position,
        )


class ClosedSource(ByteSource):
    """What is left of a file that was closed, or that another process read: its size."""

    def __init__(self, size: int) -> None:
        self.size = size

    def read(self, position: int, length: int) -> bytes:
        raise ReadError("the file is closed: its constants can no longer be read", position)


class MemorySource(ByteSource):
    """A file that was read as a whole."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read(self, position: int, length: int) -> bytes:
        self._check(position, length)
        return self._data[position : position + length]

    def unpack(self, layout: Struct, position: int) -> tuple[Any, ...]:
        if position >= 0:  # a negative one would count from the end
            try:
                return layout.unpack_from(self._data, position)
            except (struct.error, OverflowError):
                pass
        raise self._outside(position, layout.size)


class FileSource(ByteSource):
    """A file of which only the pages that are asked for are read."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.size = size
        self._pages: dict[int, bytes] = {}

    def _page(self, number: int) -> bytes:
        page = self._pages.get(number)
        if page is None:
            if len(self._pages) >= PAGES_KEPT:
                self._pages.pop(next(iter(self._pages)))
            start = number * PAGE
            page = self._pages[number] = self._from_file(start, min(PAGE, self.size - start))
        return page

    def _from_file(self, position: int, length: int) -> bytes:
        parts = []
        missing = length
        try:
            self._file.seek(position)
            while missing:  # one read gives 2 GiB at most, and less where a signal comes in between
                part = self._file.read(missing)
                if not part:
                    break
                parts.append(part)
                missing -= len(part)
        except (OSError, ValueError) as error:  # ValueError: the file was closed
            raise ReadError(f"the file cannot be read any further: {error}", position) from error
        if missing:
            raise ReadError("the file became shorter while it was being read", position + length - missing)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def read(self, position: int, length: int) -> bytes:
        self._check(position, length)
        number, start = divmod(position, PAGE)
        if start + length <= PAGE:
            return self._page(number)[start : start + length]
        return self._from_file(position, length)

    def close(self) -> None:
        self._file.close()
        self._pages.clear()


def open_source(path: str | os.PathLike[str]) -> ByteSource:
    """Open ``path`` for reading; raises :class:`ReadError` for what is no readable regular file."""
    try:
        kind = os.stat(path).st_mode & 0o170000  # asked for before opening: opening a pipe waits for a writer
        if kind == 0o040000:
            raise ReadError("this is a directory, not a .tflite file")
        if kind != 0o100000:
            raise ReadError("this is not a regular file but a pipe, a socket or a device")
        file = open(path, "rb", buffering=0)  # noqa: SIM115 - a large file stays open for its constants
    except FileNotFoundError:
        raise ReadError(_missing(path)) from None
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise ReadError(f"cannot be opened: {getattr(error, 'strerror', None) or error}") from error
    try:
        size = os.fstat(file.fileno()).st_size
        if size > READ_WHOLE_BELOW:
            return FileSource(file, size)
        with file:
            return MemorySource(file.read())
    except OSError as error:
        file.close()
        raise ReadError(f"cannot be read: {error.strerror or error}") from error


def _missing(path: str | os.PathLike[str]) -> str:
    if os.path.islink(path):
        return f"this is a symbolic link to {os.readlink(path)!r}, and there is no such file"
    return "no such file"

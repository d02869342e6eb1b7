"""Where a model's bytes come from: memory for small files, pages read on demand for large ones.

Large files are read page by page instead of being memory-mapped.  Touching a mapping of a file that
was truncated meanwhile kills the process with SIGBUS, which Python cannot catch; a short read is an
ordinary error.  It also leaves nothing mapped that would keep a file from being replaced.
"""

from __future__ import annotations

import os
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

    def read(self, position: int, length: int) -> bytes:
        """Exactly ``length`` bytes; raises :class:`ReadError` where there are fewer."""
        raise NotImplementedError

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
            raise ReadError(
                f"{length:,} bytes are needed here, but the file ends at byte {self.size:,}: "
                "it is truncated or damaged",
                position,
            )


class ClosedSource(ByteSource):
    """What is left of a file in a process that did not read it: its size."""

    def __init__(self, size: int) -> None:
        self.size = size

    def read(self, position: int, length: int) -> bytes:
        raise ReadError("the file was read by another process and is closed", position)


class MemorySource(ByteSource):
    """A file that was read as a whole."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read(self, position: int, length: int) -> bytes:
        self._check(position, length)
        return self._data[position : position + length]

    def unpack(self, layout: Struct, position: int) -> tuple[Any, ...]:
        if position < 0 or position + layout.size > self.size:
            self._check(position, layout.size)
        return layout.unpack_from(self._data, position)


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
            page = self._pages[number] = self._from_file(number * PAGE, min(PAGE, self.size - number * PAGE))
        return page

    def _from_file(self, position: int, length: int) -> bytes:
        try:
            self._file.seek(position)
            data = self._file.read(length)
        except (OSError, ValueError) as error:
            raise ReadError(f"the file cannot be read any further: {error}", position) from error
        if len(data) < length:
            raise ReadError("the file became shorter while it was being read", position + len(data))
        return data

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
        file = open(path, "rb", buffering=0)
    except IsADirectoryError:
        raise ReadError("this is a directory, not a .tflite file") from None
    except FileNotFoundError:
        raise ReadError("no such file") from None
    except OSError as error:
        raise ReadError(f"cannot be opened: {error.strerror or error}") from error
    try:
        status = os.fstat(file.fileno())
        if (status.st_mode & 0o170000) != 0o100000:
            raise ReadError("this is not a regular file")
        if status.st_size > READ_WHOLE_BELOW:
            return FileSource(file, status.st_size)
        data = file.read()
    except OSError as error:
        file.close()
        raise ReadError(f"cannot be read: {error.strerror or error}") from error
    except ReadError:
        file.close()
        raise
    file.close()
    return MemorySource(data)

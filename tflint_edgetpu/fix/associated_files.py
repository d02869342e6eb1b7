"""What stands behind a model in its file, kept byte for byte when the model changes its size.

TFLite Metadata appends label lists, score calibrations and vocabularies as a ZIP archive.  Source:
https://www.tensorflow.org/lite/models/convert/metadata, section "Associated files".  Nothing is unpacked: an
archive that is damaged or encrypted, or something that is no archive at all, is carried over like any other.
"""

from __future__ import annotations

from struct import Struct

from .extent import model_end

# Source: PKWARE's APPNOTE.TXT, sections 4.3.12 and 4.3.16.
_END = Struct("<4s4H2LH")  # end of the central directory: entries in all, its size, its offset
_ENTRY = Struct("<4s24x3H8xL")  # one entry: lengths of name, extra field, comment; offset of its file
_OFFSET_IN_ENTRY, _OFFSET_IN_END = 42, 16
_NUMBER = Struct("<L")


class AssociatedFiles:
    """The bytes of ``data`` behind its model; raises ReadError where ``data`` is none."""

    def __init__(self, data: bytes) -> None:
        self._start = model_end(data)
        self._content = data[self._start :]

    def append_to(self, model: bytes) -> bytes:
        """``model`` with the same bytes behind it."""
        return model + _moved(self._content, self._start, len(model)) if self._content else model


def _moved(content: bytes, start: int, new_start: int) -> bytes:
    """``content``, an archive's offsets set to its new place.

    They may count from the archive's own beginning, as of one that was made apart; then nothing changes.
    """
    at = content.rfind(b"PK\5\6")
    if at < 0 or at + _END.size > len(content):
        return content
    _, _, _, _, count, size, offset, _ = _END.unpack_from(content, at)
    first = at - size
    if first < 0 or offset != start + first:
        return content
    moved = bytearray(content)
    _NUMBER.pack_into(moved, at + _OFFSET_IN_END, new_start + first)
    position = first
    for _ in range(count):
        if position + _OFFSET_IN_ENTRY + _NUMBER.size > at:
            return content
        mark, name, extra, comment, file = _ENTRY.unpack_from(content, position)
        if mark != b"PK\1\2" or file < start:
            return content  # no directory: damaged, and left so
        _NUMBER.pack_into(moved, position + _OFFSET_IN_ENTRY, file - start + new_start)
        position += _OFFSET_IN_ENTRY + _NUMBER.size + name + extra + comment
    return bytes(moved)

"""The names of the classes that a file brings along.

TFLite Metadata and Ultralytics append files to a model as a ZIP archive behind the flatbuffer.  Only its
directory and one small text are read: an archive is as hostile as any other part of the file.
Sources: https://www.tensorflow.org/lite/models/convert/metadata, section "Associated files"; the exporter
of Ultralytics, which appends a dictionary with the key "names".
"""

from __future__ import annotations

import zlib
from struct import Struct

from ..model.errors import ReadError
from ..model.graph import Model
from ..model.record import NamedTuple
from ..model.source import ByteSource

# Layouts of the ZIP format (APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16). Writers of TFLite Metadata
# leave no comment, so the end record stands in the last 22 bytes.
_END = Struct("<4s4H2LH")
_ENTRY = Struct("<4s6H3L5H2L")
_LOCAL = Struct("<4s5H3L2H")
LONGEST_DIRECTORY = 2**16
LONGEST_TEXT = 2**18  # 1,001 labels of ImageNet take 22 kB
MOST_LISTS = 16  # one for each language
# What label lists of detectors call what they do not detect, in their first line.
BACKGROUND = frozenset(("???", "background", "__background__", "unlabeled", "n/a"))
# The dictionary of Ultralytics, as Python or JSON writes it: 'names': {0: 'person', 1: "driver's seat"}.
_NAMES = r"""["']names["']:\s*\{([^{}]*)\}"""
_NAME = r"""["']?\d{1,6}["']?:\s*(?:'([^']*)'|"([^"]*)")"""


class Labels(NamedTuple):
    """The class names in one of the appended files, in order."""

    file: str
    names: tuple[str, ...]

    @property
    def has_background(self) -> bool:
        """Whether the first name stands for no class at all."""
        return bool(self.names) and self.names[0].strip().lower() in BACKGROUND


def find_labels(model: Model) -> Labels | None:
    """The class names behind ``model``; ``None`` without any, or where several lists disagree."""
    try:
        entries = [entry for entry in _entries(model.source) if entry.lists_labels or entry.describes]
        found = [labels for entry in entries[:MOST_LISTS] if (labels := _labels(model.source, entry))]
    except (ReadError, zlib.error):
        return None
    if len({len(labels.names) for labels in found}) != 1:
        return None
    return found[0]


class _Entry(NamedTuple):
    name: str
    method: int  # 0 stored, 8 deflated
    packed: int
    size: int
    start: int  # of its local header

    @property
    def file(self) -> str:
        return self.name.rsplit("/", 1)[-1]

    @property
    def lists_labels(self) -> bool:
        """One label a line."""
        return "label" in self.file.lower() and self.file.endswith(".txt")

    @property
    def describes(self) -> bool:
        """The dictionary of an Ultralytics export."""
        return self.file in ("temp_meta.txt", "metadata.json")


def _entries(source: ByteSource) -> list[_Entry]:
    if source.size < _END.size:
        return []
    end = source.size - _END.size
    mark, _, _, _, _, length, offset, comment = source.unpack(_END, end)
    if mark != b"PK\x05\x06" or comment or not 0 < length <= min(LONGEST_DIRECTORY, end):
        return []
    # Offsets count from the archive's own beginning, which may or may not be the file's.
    base = end - length - offset
    directory = source.read(end - length, length)
    entries, at = [], 0
    while at + _ENTRY.size <= length:
        fields = _ENTRY.unpack_from(directory, at)
        if fields[0] != b"PK\x01\x02":
            break
        method, packed, size, name, extra, remark, start = (
            *(fields[i] for i in (4, 8, 9, 10, 11, 12)),
            fields[16],
        )
        text = directory[at + _ENTRY.size : at + _ENTRY.size + name].decode("utf-8", "replace")
        entries.append(_Entry(text, method, packed, size, base + start))
        at += _ENTRY.size + name + extra + remark
    return entries


def _labels(source: ByteSource, entry: _Entry) -> Labels | None:
    text = _text(source, entry)
    names = tuple(text.rstrip().splitlines()) if entry.lists_labels else _named_classes(text)
    return Labels(entry.file, names) if names else None


def _named_classes(text: str) -> tuple[str, ...]:
    import re  # takes longer to import than most models take to lint

    found = re.search(_NAMES, text)
    return tuple(a or b for a, b in re.findall(_NAME, found.group(1))) if found else ()


def _text(source: ByteSource, entry: _Entry) -> str:
    if max(entry.size, entry.packed) > LONGEST_TEXT:
        return ""
    header = source.unpack(_LOCAL, entry.start)
    if header[0] != b"PK\x03\x04":
        return ""
    data = source.read(entry.start + _LOCAL.size + header[9] + header[10], entry.packed)
    if entry.method == 8:
        data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, LONGEST_TEXT)
    elif entry.method:
        return ""
    return data.decode("utf-8", "replace")

"""Put edits into a script: everything outside of them stays as it was, byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..model.record import NamedTuple
from .notebook import NotebookCell, Part, read_notebook
from .source import Source, read_source

_LINE_END = re.compile("\r\n|\r|\n")
_DEFAULT_SEPARATOR = ",\n    "


class RewriteError(Exception):
    """An edit cannot be made; the text says why in one line."""


class _Change(NamedTuple):
    start: int
    end: int
    text: str


def rewrite(source: Source, edits: Iterable[Mapping[str, Any]], path: str) -> bytes:
    """The file with ``edits`` in it: mappings with the fields of a span and the ``text`` to put there.

    Of two edits that overlap only the first is made. Raises :class:`RewriteError` where the result is no Python any
    more, or cannot be written in the encoding of the file.
    """
    by_cell: dict[int, list[Mapping[str, Any]]] = {}
    for edit in edits:
        by_cell.setdefault(edit["cell"], []).append(edit)
    if source.kind == "source":
        text = _changed(source.text, [edit for same in by_cell.values() for edit in same])
    else:
        text = _changed_notebook(source.text, by_cell)
    try:
        data = (b"\xef\xbb\xbf" if source.bom else b"") + text.encode(source.encoding)
    except UnicodeEncodeError as error:
        raise RewriteError(f"the edit cannot be written in {source.encoding}: {error.reason}") from None
    after = read_source(data, path)
    if len(after.cells) != len(source.cells):
        raise RewriteError("the edit would change the cells of the notebook")
    for index in by_cell:
        if after.cells[index].error is not None:
            raise RewriteError(f"with the edit the code would not parse: {after.cells[index].error}")
    return data


def _changed(text: str, edits: Sequence[Mapping[str, Any]]) -> str:
    """``text`` with the edits in it, whose line ends become those of the text."""
    ends = list(_LINE_END.finditer(text))
    newline = ends[0].group() if ends else "\n"
    starts = [0, *(match.end() for match in ends)]

    def offset(line: int, column: int) -> int:
        return min(starts[line - 1] + column, len(text)) if line <= len(starts) else len(text)

    changes = {
        _Change(
            offset(edit["line"], edit["column"]),
            offset(edit["end_line"], edit["end_column"]),
            edit["text"].replace("\n", newline),
        )
        for edit in edits
    }
    pieces: list[str] = []
    done = 0
    for change in sorted(changes):
        if change.start < done:
            continue
        pieces.extend((text[done : change.start], change.text))
        done = change.end
    return "".join((*pieces, text[done:]))


def _changed_notebook(text: str, by_cell: Mapping[int, Sequence[Mapping[str, Any]]]) -> str:
    cells = [cell for cell in read_notebook(text) if cell.kind == "code"]
    changes: list[_Change] = []
    for index, edits in by_cell.items():
        cell = cells[index]
        after = _changed(cell.text, edits)
        if after != cell.text and cell.parts:
            changes.append(_part_change(text, cell, after))
    for change in sorted(changes, reverse=True):
        text = text[: change.start] + change.text + text[change.end :]
    return text


def _part_change(text: str, cell: NotebookCell, after: str) -> _Change:
    """The one stretch of the document that makes the source of ``cell`` read ``after``."""
    parts = cell.parts
    if cell.single:
        return _Change(parts[0].start, parts[0].end, _encoded(after, text, parts))
    lines = re.findall(r"[^\n]*\n|[^\n]+", after) or [""]
    first = 0
    while first < min(len(parts), len(lines)) and parts[first].text == lines[first]:
        first += 1
    last = 0
    while last < min(len(parts), len(lines)) - first and parts[-1 - last].text == lines[-1 - last]:
        last += 1
    old, new = parts[first : len(parts) - last], lines[first : len(lines) - last]
    separator = text[parts[0].end : parts[1].start] if len(parts) > 1 else _DEFAULT_SEPARATOR
    written = separator.join(_encoded(line, text, parts) for line in new)
    if old and new:
        return _Change(old[0].start, old[-1].end, written)
    if new and first < len(parts):
        return _Change(parts[first].start, parts[first].start, written + separator)
    if new:
        return _Change(parts[-1].end, parts[-1].end, separator + written)
    if last:
        return _Change(old[0].start, parts[len(parts) - last].start, "")
    if first:
        return _Change(parts[first - 1].end, old[-1].end, "")
    return _Change(old[0].start, old[-1].end, '""')


def _encoded(line: str, text: str, parts: Sequence[Part]) -> str:
    """A line as JSON, with letters outside of ASCII written as the cell writes them."""
    ascii_only = all(text[part.start : part.end].isascii() for part in parts)
    return json.dumps(line, ensure_ascii=ascii_only)

"""Where a notebook's code stands in its JSON: each source string with its place, so that edits leave the rest alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ..model.errors import ReadError
from ..model.record import NamedTuple

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


class Part(NamedTuple):
    """One string of a cell's ``source``: its text, and the characters it takes in the document."""

    text: str
    start: int
    end: int


class NotebookCell(NamedTuple):
    """A cell as it stands. ``single``: its source is one string, not a list of lines."""

    kind: str  # code, markdown or raw
    parts: tuple[Part, ...]
    single: bool
    outputs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


def read_notebook(text: str) -> list[NotebookCell]:
    """The cells of a notebook of format 4; raises :class:`ReadError` for what is none."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"this is no notebook: {error}") from None
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        raise ReadError("this is no notebook of format 4: it has no list of cells")
    spans = _source_spans(text)
    result = []
    for number, cell in enumerate(cells):
        if not isinstance(cell, dict):
            continue
        source = cell.get("source")
        single = isinstance(source, str)
        lines = [source] if single else source if isinstance(source, list) else []
        parts = [
            Part(line, *spans[number, index])
            for index, line in enumerate(lines)
            if isinstance(line, str) and (number, index) in spans
        ]
        result.append(NotebookCell(str(cell.get("cell_type")), tuple(parts), single, tuple(_outputs(cell))))
    return result


def _outputs(cell: dict[str, Any]) -> Iterator[str]:
    """What the cell printed when it was last run, errors included, colours and all."""
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if not isinstance(output, dict):
            continue
        yield _joined(output.get("text"), "")
        data = output.get("data")
        if isinstance(data, dict):
            yield _joined(data.get("text/plain"), "")
        yield _joined(output.get("traceback"), "\n")
        yield _joined(output.get("evalue"), "")


def _joined(value: Any, separator: str) -> str:
    if isinstance(value, list):
        return separator.join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _source_spans(text: str) -> dict[tuple[int, int], tuple[int, int]]:
    """(cell, line of its source) -> first and last character of the JSON string, quotes included.

    The document is known to be JSON: tokens need no checks. Of a key that stands twice the last one counts, as it does
    for :mod:`json`.
    """
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    path: list[Any] = []  # of each open container: the key or index that is being read
    expects_key = False
    for token in _TOKEN.finditer(text):
        first = token.group()[0]
        if first in "{[":
            path.append(None if first == "{" else 0)
            expects_key = first == "{"
        elif first in "}]":
            path.pop()
            expects_key = False
        elif first == ",":
            if path and isinstance(path[-1], int):
                path[-1] += 1
            else:
                expects_key = True
        elif first == ":":
            expects_key = False
        elif expects_key:
            path[-1] = json.loads(token.group(), strict=False)
        elif first == '"' and len(path) in (3, 4) and path[0] == "cells" and path[2] == "source":
            spans[path[1], path[3] if len(path) == 4 else 0] = token.span()
    return spans

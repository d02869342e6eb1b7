"""Rows of the operator table, wherever they stand in a line."""

from __future__ import annotations

import re

from .phrases import OPERATORS, match_status
from .result import LogRow

_HEAD = re.compile(r"(?<![A-Za-z0-9_'])([A-Z][A-Z0-9_]{0,60}[A-Z0-9])[\s|,:]+(\d{1,9})[\s|,:]+(?=\S)")
_COLUMNS = re.compile(r"^\S+(?:\s{2,}|\t|\s*\|\s*)\d+(?:\s{2,}|\t|\s*\|\s*)\S")
_FOREIGN = re.compile(r"[^\x00-\u024f\u2000-\u206f]")  # a letter of another script: a translation
_LONGEST_STATUS = 300


def rows_in(line: str, number: int, *, in_table: bool) -> list[LogRow]:
    """The rows in ``line``. A status nobody knows counts only inside a table or in separate columns."""
    heads = list(_HEAD.finditer(line))
    rows = []
    for head, following in zip(heads, [*heads[1:], None], strict=False):
        operator, count = head[1], int(head[2])
        text = line[head.end() : following.start() if following else None]
        status = match_status(text)
        if status is None and operator in OPERATORS and (in_table or _COLUMNS.match(line)):
            status = _verbatim(text)
            if status is not None and status[0].islower():
                status = None  # prose that begins with a name and a number
        if status is not None:
            rows.append(LogRow(operator, count, status, number))
    return rows


def _verbatim(text: str) -> str | None:
    """An unknown status as it stands there, without a translation behind it."""
    text = text[:_LONGEST_STATUS].strip(" |\t`")
    foreign = _FOREIGN.search(text)
    if foreign and foreign.start():
        text = text[: foreign.start()].rstrip(" (|/-")
    return text or None


def is_translation(row: LogRow) -> bool:
    """Whether the status is written in another script; the compiler knows only English."""
    return _FOREIGN.match(row.status) is not None

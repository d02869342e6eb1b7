"""Text from a model is hostile: made printable, and cut where a person reads it."""

from __future__ import annotations


def printable(text: str) -> str:
    """``text`` without anything a terminal acts on: control and bidirectional characters as ``\\xNN``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def shorten(text: str, width: int) -> str:
    """``text`` in at most ``width`` columns: the middle goes, names differ at their ends."""
    text = printable(text[: 4 * width] + text[-4 * width :] if len(text) > 8 * width else text)
    if len(text) <= width:
        return text
    head = (width - 3) // 3
    return f"{text[:head]}...{text[len(text) - (width - 3 - head) :]}"


def shorten_names(text: str, width: int = 48) -> str:
    """``text`` printable, with every quoted name cut to ``width`` columns.

    Converters join the names of everything that was fused with ``;``: the parts that only repeat go first.
    """
    pieces = text.split("'")
    for index in range(1, len(pieces) - 1, 2):
        pieces[index] = shorten(";".join(dict.fromkeys(pieces[index].split(";"))), width)
    return printable("'".join(pieces))

"""Bytes of any origin -> numbered lines without decoration, in bounded memory."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

# A physical line that is longer comes out in pieces of at most this many characters, cut at a space
# where there is one. Real lines end below 10,000 (the tensor names of a -d search).
PIECE = 2**14

_BREAK = re.compile(r"\r\n|\n|\r")
_ESCAPED_BREAK = re.compile(r"(?:\\r)?\\n")
_ESCAPED_LOG = re.compile(
    r"(?:Edge TPU Compiler version [\d.]+|will run on CPU: \d+|operations: \d+|Status|Mapped to Edge TPU|"
    r"Model not quantized|Compilation (?:succeeded|failed)!)\s*(?:\\r)?\\n"
)

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])")
_REMOVED = dict.fromkeys(
    [*range(9), *range(11, 32), *range(127, 160), *range(0x200B, 0x2010), *range(0x202A, 0x202F),
     0x2060, *range(0x2066, 0x206A), 0xFEFF]
)  # fmt: skip
_CELL = re.compile(r"</?(?:td|th)\b[^<>]{0,300}>|<br\b[^<>]{0,300}>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:pre|code|p|div|span|tr|table|tbody|thead|b|strong|em|i|li|ul|ol|a|font|samp|kbd|blockquote)\b"
    r"[^<>]{0,300}>",
    re.IGNORECASE,
)
_ENTITIES = (
    ("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&"),
)  # fmt: skip
# What a CI service, docker compose or a logger writes in front of every line.
_STAMP = re.compile(
    r"^\[?\d{4}-\d\d-\d\d[T ][\d:.,]{5,20}(?:Z|[+-]\d\d:?\d\d)?\]?\s+|^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?\s+|"
    r"^[a-z][a-z0-9_.-]{0,60}[-_]\d{1,3}\s+\|\s"
)
_CLOSED = ("!_", "._", "d_", "!'", ".'", "d'")
# What stands in front of a quoted line, and what may stand before the first word of any.
QUOTATION = " \t\u00a0\u3000>|"
_LEAD = QUOTATION + "`*_\"'\u2022\u00b7#-"


def decode(chunks: Iterable[bytes]) -> Iterator[str]:
    """Text of ``chunks``; what is no UTF-8 becomes U+FFFD. UTF-16 is known by its mark or its zeros."""
    decoder: codecs.IncrementalDecoder | None = None
    for chunk in chunks:
        if decoder is None:
            decoder = codecs.getincrementaldecoder(_encoding(chunk))("replace")
        yield decoder.decode(chunk)
    if decoder is not None:
        yield decoder.decode(b"", True)


def _encoding(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = head[:512]
    if len(sample) > 8 and sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"  # the redirection of a Windows PowerShell
    return "utf-8-sig"


def lines(chunks: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """``(number from 1, text)`` of every line; a longer one than :data:`PIECE` comes in pieces."""
    number, rest, escaped = 1, "", False
    for text in decode(chunks):
        rest += text
        whole = _BREAK.split(rest)
        rest = whole.pop()
        if not rest and text.endswith("\r"):  # its \n may stand in the next chunk
            rest = whole.pop() + "\r"
        for line in whole:
            if len(line) <= PIECE and "\\n" not in line:
                yield number, line
                number, escaped = number + 1, False
                continue
            for piece in _pieces(line):
                yield from _unescaped(number, piece, escaped)
                escaped = escaped or _ESCAPED_LOG.search(piece) is not None
            number, escaped = number + 1, False
        while len(rest) > PIECE:
            piece, rest = _cut(rest)
            yield from _unescaped(number, piece, escaped)
            escaped = escaped or _ESCAPED_LOG.search(piece) is not None
    yield from _unescaped(number, rest.rstrip("\r"), escaped)


def _pieces(line: str) -> Iterator[str]:
    while len(line) > PIECE:
        piece, line = _cut(line)
        yield piece
    yield line


def _cut(line: str) -> tuple[str, str]:
    at = line.rfind(" ", PIECE // 2, PIECE)
    at = PIECE if at < 0 else at
    return line[:at], line[at:]


def _unescaped(number: int, line: str, escaped: bool) -> Iterator[tuple[int, str]]:
    r"""A log inside a Python or JSON string has its line breaks written as ``\n``."""
    if "\\n" in line and (escaped or _ESCAPED_LOG.search(line)):
        for part in _ESCAPED_BREAK.split(line):
            yield number, part.replace('\\"', '"').replace("\\t", "\t")
    else:
        yield number, line


def clean(line: str, lead: str = _LEAD) -> str:
    """``line`` without control characters, markup and quotation; inner spacing stays as it is.

    The characters of ``lead`` are taken off its beginning.
    """
    if not line.isprintable():
        if "\x1b" in line:
            line = _ANSI.sub("", line)
        line = line.translate(_REMOVED)
    if "<" in line:
        line = _TAG.sub("", _CELL.sub("  ", line))
    if "&" in line:
        for entity, character in _ENTITIES:
            line = line.replace(entity, character)
    line = _STAMP.sub("", line).replace("**", "").lstrip(lead).rstrip(" \t\u00a0\u3000|")
    for mark in '`"':
        if line.endswith(mark) and line.count(mark) % 2:
            line = line.rstrip(mark).rstrip()
    if line.endswith(_CLOSED):  # by a mark around the whole text
        line = line[:-1]
    return line

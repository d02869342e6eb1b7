"""Putting lines together again that a terminal, a mail program or a copied table has broken up.

Nothing is joined on a guess: the end of one line and the beginning of the next must be two parts of a
text that the compiler is known to print, a label and its value, or an error message that stops in the
middle of a sentence at the right margin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...model.record import NamedTuple
from .phrases import ANCHOR, LABELS, OPERATORS, SENTENCES, STATUSES, match_status, squash
from .text import QUOTATION, clean

_MOST_PARTS = 8  # of one text: a status of 83 characters in a column of 12
_TAIL = 160  # characters; the longest fixed sentence has 118
_NARROWEST = 60  # columns of a text in which an unknown message may be broken
_TERMINALS = frozenset((80, 100, 120, 132))  # columns at which a terminal breaks inside a word

_FIRST_WORDS = {sentence.split()[0] for sentence in SENTENCES}
_HEAD = re.compile(
    rf"(?<!\S)(?:{'|'.join(sorted(map(re.escape, _FIRST_WORDS), key=len, reverse=True))})(?!\w)"
)
_BEGIN = 4  # characters by which the sentences are looked up; the shortest first word has as many
_SQUASHED: dict[str, list[tuple[str, str]]] = {}
for _sentence in SENTENCES:
    _SQUASHED.setdefault(squash(_sentence)[:_BEGIN], []).append((squash(_sentence), _sentence))

_STATUSES = [(squash(status), status) for status in STATUSES]

_LABELS = tuple(label.lower() for _, label, _ in LABELS)
_FILE_LABELS = frozenset(("input:", "output:", "invalid model:"))
_VALUE = re.compile(r"\d|\S.*\.(?:tflite|log)\b")
_UNIT = re.compile(r"[\d.]*\s?[KMG]?i?B\b")
_PATH = re.compile(r"^(?:Input model|Output model|Operation log|Input|Output|Invalid model):\s*(\S.*)$")
_PATH_END = re.compile(r"\.(?:tflite|log)(?:\W|$)")
_OPERATOR_ALONE = re.compile(r"^[A-Z][A-Z0-9_]{1,60}$")
_ROW = re.compile(r"^([A-Z][A-Z0-9_]{1,60})[\s|]+\d{1,7}[\s|]+(?=\S)")
_OPERATOR_COUNT = re.compile(r"^([A-Z][A-Z0-9_]{1,60})[\s|]+\d{1,7}$")
_COUNT = re.compile(r"^\d{1,7}(?:[\s|]+\S.*)?$")
_ERROR = re.compile(r"\bERROR:|Compilation failed:|\): error:|Segmentation fault|Didn.t find op")
_SENTENCE_END = (".", "?", "!", ":", ")", '"', "'", "\u2019")
_NOT_THE_END = re.compile(r"opcode '\w+'$|error:$|dumped\)$")
_SECOND_SENTENCE = ("An older version of this", "Are you using", "Make sure you", "Please ensure")


class Line(NamedTuple):
    number: int  # of its first part
    text: str  # cleaned
    width: int  # of its last part as it stood there, decoration included
    spaced: bool  # whether that part ended in a space


def unwrap(numbered: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """``(number, text)`` of the cleaned lines, broken ones put together, blank ones left out."""
    held: Line | None = None
    parts = blanks = 0
    for number, raw in numbered:
        if not raw:
            blanks += 1
            continue
        line = Line(number, clean(raw), len(raw), raw.endswith(" "))
        if held is not None:
            if not line.text:
                blanks += 1
                continue
            text = _join(held, line.text, raw, blanks) if parts < _MOST_PARTS else None
            if text is None:
                yield held.number, held.text
                parts = 0
            else:
                line = line._replace(number=held.number, text=text)
                parts += 1
            held = None
        if _is_open(line):
            held, blanks = line, 0
        else:
            parts = 0
            if line.text:
                yield line.number, line.text
    if held is not None:
        yield held.number, held.text


def _is_open(line: Line) -> bool:
    text = line.text
    if not text:
        return False
    return (
        _unfinished(text) is not None
        or (_OPERATOR_ALONE.match(text) is not None and text in OPERATORS)
        or _OPERATOR_COUNT.match(text) is not None
        or _is_label(text)
        or _is_half_number(text)
        or _is_half_path(text)
        or (line.width >= _NARROWEST and _ERROR.search(text) is not None)
        or text.lower() in ("operator", "operator count")
    )


def _is_label(text: str) -> bool:
    tail = text[-_TAIL:].lower()
    return tail.rstrip(" :|").endswith(_LABELS) or tail in _FILE_LABELS


def _is_half_number(text: str) -> bool:
    """Whether the text ends in a label and the digits of a size, but not in its unit."""
    stem = text[-_TAIL:].rstrip("KMGi").rstrip("0123456789.")
    return stem.endswith((": ", ":", "| ")) and stem.lower().rstrip(" :|").endswith(_LABELS) and stem != text


def _is_half_path(text: str) -> bool:
    path = _PATH.match(text)
    return path is not None and not _PATH_END.search(path[1])


def _unfinished(text: str) -> tuple[int, str, list[tuple[str, str]]] | None:
    """Where a known sentence begins that the line does not finish, what there is of it, which it may be."""
    for head in _HEAD.finditer(text, max(0, len(text) - _TAIL)):
        begun = squash(text[head.start() :])
        known = _SQUASHED.get(begun[:_BEGIN], ())
        may_be = [pair for pair in known if len(pair[0]) > len(begun) and pair[0].startswith(begun)]
        if may_be:
            return head.start(), begun, may_be
    row = _ROW.match(text)
    if row is not None and row[1] in OPERATORS:  # the first word of the status may be broken itself
        begun = squash(text[row.end() :])
        may_be = [pair for pair in _STATUSES if len(pair[0]) > len(begun) and pair[0].startswith(begun)]
        if may_be:
            return row.end(), begun, may_be
    return None


def _join(line: Line, following: str, raw: str, blanks: int) -> str | None:
    """``line`` continued by ``following`` (``raw`` as it stood there); ``None`` where it is something else."""
    text = line.text
    joined = _join_sentence(text, clean(raw, QUOTATION)) if blanks < 2 else None
    if joined is not None:
        return joined
    if _is_label(text):
        return f"{text.rstrip(' :|')}: {following}" if _VALUE.match(following) else None
    if _is_half_number(text):
        return text + following if _UNIT.match(following) else None
    if _is_half_path(text):
        whole = text + clean(raw, QUOTATION).split()[0]
        fits = len(following) < 300 and ":" not in following and _PATH_END.search(whole[-20:])
        return text + clean(raw, QUOTATION) if fits else None
    if _OPERATOR_COUNT.match(text):
        return f"{text}  {following}" if match_status(following) else None
    if _OPERATOR_ALONE.match(text):
        return f"{text}  {following}" if _COUNT.match(following) else None
    if following.lower() in ("count", "status", "count status"):
        return f"{text} {following}"
    return _join_error(line, following, raw) if not blanks else None


def _join_sentence(text: str, following: str) -> str | None:
    unfinished = _unfinished(text)
    if unfinished is None:
        return None
    position, begun, may_be = unfinished
    rest = squash(following)
    for squashed, sentence in may_be:
        wanted = squashed[len(begun) :]
        if rest.startswith(wanted):
            return text[:position] + sentence + _after(following, len(wanted))
        if (len(rest) > 2 or len(rest) == len(wanted)) and wanted.startswith(rest):
            return text[:position] + _before(sentence, len(begun) + len(rest))
    return None


def _join_error(line: Line, following: str, raw: str) -> str | None:
    if line.width < _NARROWEST or not _ERROR.search(line.text):
        return None
    ends = line.text.endswith(_SENTENCE_END) and not _NOT_THE_END.search(line.text)
    if ends and not following.startswith(_SECOND_SENTENCE):
        return None
    if ANCHOR.match(following) or _OPERATOR_COUNT.match(following):
        return None
    inside_word = line.width in _TERMINALS and not line.spaced
    return line.text + ("" if inside_word else " ") + clean(raw, QUOTATION)


def _after(text: str, visible: int) -> str:
    """What follows the first ``visible`` characters that are no white space."""
    for position, character in enumerate(text):
        if visible == 0:
            return text[position:]
        visible -= not character.isspace()
    return ""


def _before(text: str, visible: int) -> str:
    """The beginning of ``text`` with ``visible`` characters that are no white space."""
    return text[: len(text) - len(_after(text, visible))]

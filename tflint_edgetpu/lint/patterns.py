"""Patterns of files in the language of .gitignore, the one that people know.

Source: https://git-scm.com/docs/gitignore, section *Pattern format*. A test holds it against git itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


class Pattern:
    """One line of a .gitignore. Matches paths relative to the folder it stands in, with ``/`` between parts."""

    __slots__ = ("_matches", "negated", "only_folders", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.negated = text.startswith("!")
        body = text[1:] if self.negated else text
        self.only_folders = body.endswith("/")
        body = body.rstrip("/") if self.only_folders else body
        anchored = "/" in body
        self._matches = re.compile(_regex(body.removeprefix("/"), anchored), re.DOTALL).fullmatch

    def matches(self, path: str, is_folder: bool) -> bool:
        return (is_folder or not self.only_folders) and self._matches(path) is not None


def read_patterns(text: str) -> list[Pattern]:
    """The patterns of a .gitignore, in order; comments, empty lines and unusable patterns are left out."""
    patterns = []
    for line in text.split("\n"):
        line = line.removesuffix("\r")
        stripped = line.rstrip(" ")
        if stripped != line and _ends_in_backslash(stripped):
            stripped += " "  # 'name\ ' keeps its space
        if stripped and not stripped.startswith("#") and stripped.strip("/!"):
            try:
                patterns.append(Pattern(stripped))
            except re.error:
                continue
    return patterns


def last_match(patterns: Iterable[Pattern], path: str, is_folder: bool) -> bool | None:
    """What the last pattern that matches says: ignored, taken back by ``!``, or ``None`` for no match."""
    verdict = None
    for pattern in patterns:
        if pattern.matches(path, is_folder):
            verdict = not pattern.negated
    return verdict


def matches_path(pattern: str, path: str) -> bool:
    """Whether ``pattern`` names the file ``path`` (relative, ``/`` between parts) or a folder it is in."""
    compiled = Pattern(pattern)
    parts = path.split("/")
    return any(
        compiled.matches("/".join(parts[:count]), count < len(parts)) for count in range(1, len(parts) + 1)
    )


def _ends_in_backslash(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _regex(body: str, anchored: bool) -> str:
    out = [] if anchored else ["(?:.*/)?"]
    index = 0
    while index < len(body):
        rest = body[index:]
        at_start = index == 0 or body[index - 1] == "/"
        if at_start and rest.startswith("**/"):
            out.append("(?:.*/)?")
            index += 3
        elif at_start and rest == "**":
            out.append(".+")
            index += 2
        elif rest[0] == "*":
            out.append("[^/]*")
            index += len(rest) - len(rest.lstrip("*"))
        elif rest[0] == "?":
            out.append("[^/]")
            index += 1
        elif rest[0] == "[" and (end := _end_of_class(rest)):
            out.append(f"(?!/){_class(rest[1:end])}")
            index += end + 1
        elif rest[0] == "\\" and len(rest) > 1:
            out.append(re.escape(rest[1]))
            index += 2
        else:
            out.append(re.escape(rest[0]))
            index += 1
    return "".join(out)


def _end_of_class(text: str) -> int:
    """Where the ``]`` of the class that ``text`` begins with stands, 0 where it has none."""
    index = 2 if text[1:2] in ("!", "^") else 1
    if text[index : index + 1] == "]":  # a ] in the first place is an ordinary character
        index += 1
    while index < len(text):
        if text[index] == "\\":
            index += 2
        elif text[index] == "]":
            return index
        else:
            index += 1
    return 0


def _class(body: str) -> str:
    negated = body[:1] in ("!", "^")
    return "[" + ("^" if negated else "") + body[negated:].replace("[", "\\[") + "]"

"""Places in a script as findings name them, and the comments that accept a finding there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .finding import Finding, Location

if TYPE_CHECKING:
    from ..script.names import Span
    from ..script.script import Script
    from .select import Selection

LONGEST_LABEL = 100
# '# tflint-edgetpu: ignore[CNV003] reason', and the spelling of other linters: '# noqa: CNV003'.
_COMMENTS = (
    re.compile(r"#\s{0,9}tflint-edgetpu:\s{0,9}ignore\[([\w\s,-]{1,400})\]"),
    re.compile(
        r"#\s{0,9}noqa:\s{0,9}([A-Za-z]{1,9}\d{1,9}(?:[,\s]\s{0,9}[A-Za-z]{1,9}\d{1,9}){0,40})", re.IGNORECASE
    ),
)
_LONGEST_LINE = 4000


def script_location(script: Script, span: Span) -> Location:
    """``line 12`` of a script, ``cell 3, line 5`` of a notebook. ``line`` is always that of the file. What survives an
    edit elsewhere is the text of the line.
    """
    cell = script.cells[span.cell]
    text = " ".join(script.line_text(span).split())
    label = text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 3]}..."
    line = cell.file_lines[min(span.line, len(cell.file_lines)) - 1] if cell.file_lines else 1
    if cell.number is None:
        return Location("source", f"line {span.line}", label, f"source:{text[:400]}", line=line)
    return Location("cell", f"cell {cell.number}, line {span.line}", label, f"cell:{text[:400]}", line=line)


class ScriptComments:
    """The comments of one script that accept findings."""

    def __init__(self, script: Script, selection: Selection) -> None:
        self._accepted: dict[tuple[int | None, int], frozenset[str]] = {}
        for index, cell in enumerate(script.cells):
            for number, line in enumerate(cell.lines, 1):
                codes = _codes(line, selection)
                if codes:
                    # The comment of a long statement stands wherever there is room.
                    for covered in script.statement_lines.get((index, number), (number,)):
                        known = self._accepted.get((cell.number, covered), frozenset())
                        self._accepted[cell.number, covered] = known | codes

    def reason(self, finding: Finding) -> str | None:
        """Why the finding is accepted: a comment stands at every place that it names."""
        if not self._accepted:
            return None
        for location in finding.locations:
            if finding.code not in self._accepted.get(_key(location), frozenset()):
                return None
        return "a comment in the code accepts it"


def _key(location: Location) -> tuple[int | None, int]:
    numbers = [int(word) for word in re.findall(r"\d+", location.ref)]
    if location.kind == "cell" and len(numbers) == 2:
        return numbers[0], numbers[1]
    return None, numbers[0] if location.kind == "source" and numbers else 0


def _codes(line: str, selection: Selection) -> frozenset[str]:
    """The codes that a line's comment accepts; words that mean no rule belong to other linters."""
    if "#" not in line or len(line) > _LONGEST_LINE:
        return frozenset()
    from .settings import SettingsError

    found: frozenset[str] = frozenset()
    for pattern in _COMMENTS:
        for match in pattern.finditer(line):
            for word in re.split(r"[,\s]+", match.group(1).strip()):
                try:
                    found |= selection.codes_of(word, "comment") if word else frozenset()
                except SettingsError:
                    continue
    return found

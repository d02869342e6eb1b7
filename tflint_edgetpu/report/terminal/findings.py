"""Findings by cause: what, where, what lies behind, what it costs, how to fix, how sure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ...lint.finding import REPLACE_SOURCE, Finding, Fix, Location, Safety, Severity
from ...lint.wording import counted
from ..text import printable, shorten_names
from .layout import heading, keyed, paste
from .style import DIM, SEVERITY, Signs
from .words import tally

NAME_WIDTH = 52
CERTAINTY = {
    "documented": "documented",
    "measured": "measured",
    "guess": "a guess",
}


def show(console: Console, findings: Sequence[Finding], signs: Signs, *, verbose: bool) -> None:
    """All findings; what needs doing in full, ``info`` in two lines each unless ``verbose``."""
    for finding in findings:
        console.print()
        if finding.severity is Severity.INFO and not verbose:
            _brief(console, finding)
        else:
            _full(console, finding, signs)


def _title(console: Console, finding: Finding) -> None:
    left = Text("  ")
    word = finding.severity.word
    left.append(f"{word:<8}", style=SEVERITY[word])
    left.append(f"{finding.code} {finding.name}", style="bold")
    heading(console, left, Text(CERTAINTY[finding.certainty.value], style=DIM))


def _brief(console: Console, finding: Finding) -> None:
    _title(console, finding)
    keyed(console, [("", Text(shorten_names(finding.message)))])


def _full(console: Console, finding: Finding, signs: Signs) -> None:
    _title(console, finding)
    rows = [("", Text(shorten_names(finding.message)))]
    if finding.cost:
        rows.append(("cost", Text(printable(finding.cost))))
    where = [location for location in finding.locations if location.kind != "model"]
    if where:
        rows.append(("where", _places(where)))
    if finding.related:
        in_code = finding.related[0].kind in ("source", "cell")
        rows.append(("see", _places(finding.related)) if in_code else ("behind", _behind(finding.related)))
    if finding.fix is not None:
        rows.append(("fix", _fix(finding.fix)))
    keyed(console, rows)
    if finding.fix is not None and finding.fix.how:
        paste(console, printable_lines(finding.fix.how), signs)


def printable_lines(text: str) -> str:
    """``printable`` for text of several lines."""
    return "\n".join(printable(line) for line in text.splitlines())


def shorten_label(label: str) -> str:
    """A location's label with its tensor name cut."""
    return shorten_names(label, NAME_WIDTH)


def _places(locations: Sequence[Location]) -> Text:
    first = locations[0]
    text = Text(f"{printable(first.ref)}  ", style=DIM)
    if first.label != first.ref:
        text.append(shorten_label(first.label), style="default not dim")
    if len(locations) > 1:
        refs = ", ".join(printable(location.ref) for location in locations[1:4])
        more = f" and {len(locations) - 4} more" if len(locations) > 4 else ""
        text.append(f"\nalso {refs}{more}")
    return text


def _behind(related: Sequence[Location]) -> Text:
    kinds = [printable(location.label.split(" ", 1)[0]) for location in related]
    noun = "operator" if all(location.kind == "operator" for location in related) else "place"
    if len(related) == 1:
        return Text.assemble((f"{printable(related[0].ref)}  ", DIM), shorten_label(related[0].label))
    return Text(f"{counted(len(related), noun)}: {tally(kinds, 5)}")


def _fix(fix: Fix) -> Text:
    text = Text(printable(fix.title))
    if fix.edits and fix.edits[0].kind == REPLACE_SOURCE:
        text.append("  (tflint-edgetpu lint --fix does it)", style=DIM)
    elif fix.edits and fix.safety is Safety.SAFE:
        text.append("  (tflint-edgetpu fix does it; outputs stay bit-identical)", style=DIM)
    elif fix.edits and fix.safety is Safety.UNSAFE:
        text.append("  (tflint-edgetpu fix --unsafe-fixes does it and measures the difference)", style=DIM)
    return text

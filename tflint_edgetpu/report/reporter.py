"""What an output format is, and the registry of them.

A reporter is any object with a ``name`` and a ``write`` method; a plugin adds one through the hook
``tflint_reporters``.  Reporters format and never compute: whatever they show stands in the report.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Protocol, TextIO

from ..model.record import NamedTuple
from .report import Report


class Output(NamedTuple):
    """Where a report goes."""

    stream: TextIO
    color: bool | None = None  # None: as the stream and the environment say
    width: int | None = None  # columns, None: as wide as the terminal


class Reporter(Protocol):
    """An output format."""

    @property
    def name(self) -> str:
        """As ``--format`` takes it."""

    def write(self, report: Report, output: Output) -> None:
        """Write the whole report. Every text from a model is hostile and has to be made harmless here."""


# Format -> module of this package with a function ``write(report, output)``. Only the one asked for is
# imported: ``full`` brings rich.
BUILT_IN = {
    "full": "terminal",
    "concise": "concise",
    "json": "json_report",
    "sarif": "sarif",
    "github": "github",
    "junit": "junit",
}
# These show what could not be read, so that nobody has to look elsewhere.
FOR_PEOPLE = frozenset(("full", "concise"))


class BuiltInReporter:
    """A format of this package."""

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, report: Report, output: Output) -> None:
        import_module(f".{BUILT_IN[self.name]}", __package__).write(report, output)


def find_reporter(name: str, added: Iterable[Reporter] = ()) -> Reporter | None:
    """The format called ``name``, ``None`` where there is none. Plugins cannot replace a built-in one."""
    if name in BUILT_IN:
        return BuiltInReporter(name)
    return next((reporter for reporter in added if reporter.name == name), None)

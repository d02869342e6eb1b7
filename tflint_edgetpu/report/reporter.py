"""What an output format is, and the registry of them.

A reporter is any object with a ``name`` and a ``write`` method; a plugin adds one through the hook
``tflint_reporters``.  Reporters format and never compute: whatever they show stands in the report.

Those of this package write file by file.  A run over a thousand models then needs no more memory than one over a
few, and the processes that examine the files also do the writing.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any, Protocol, TextIO

from ..lint.file_report import FileReport
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


# Format -> module of this package. Only the one asked for is imported: ``full`` brings rich. It has
#   begin() -> str                      what stands before all files
#   file_text(file, look) -> str        one file, with everything that is known of it
#   SEPARATOR                           what stands between two files
#   end(report, look) -> str            what stands behind them; the files of this report are without models
#   look_of(output) -> object           only if the text depends on where it goes; it can be sent to a process
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

    @property
    def _format(self) -> Any:
        return import_module(f".{BUILT_IN[self.name]}", __package__)

    def look(self, output: Output) -> object:
        """What of ``output`` the text depends on."""
        look_of = getattr(self._format, "look_of", None)
        return None if look_of is None else look_of(output)

    def begin(self) -> str:
        return str(self._format.begin())

    def file_text(self, file: FileReport, look: object) -> str:
        return str(self._format.file_text(file, look))

    @property
    def separator(self) -> str:
        return str(self._format.SEPARATOR)

    def end(self, report: Report, look: object) -> str:
        return str(self._format.end(report, look))

    def write(self, report: Report, output: Output) -> None:
        """All at once."""
        look = self.look(output)
        output.stream.write(self.begin())
        for number, file in enumerate(report.files):
            output.stream.write((self.separator if number else "") + self.file_text(file, look))
        output.stream.write(self.end(report, look))


def find_reporter(name: str, added: Iterable[Reporter] = ()) -> Reporter | None:
    """The format called ``name``, ``None`` where there is none. Plugins cannot replace a built-in one."""
    if name in BUILT_IN:
        return BuiltInReporter(name)
    return next((reporter for reporter in added if reporter.name == name), None)

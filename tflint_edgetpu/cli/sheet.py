"""Where a report goes: to the standard output as it grows, or into a file when it is complete."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from ..report.rendering import Rendering
from ..report.report import Report
from ..report.reporter import FOR_PEOPLE, BuiltInReporter, Output, Reporter
from .main import UserError


class Sheet:
    """One report of a run. Without ``file`` it goes to the standard output."""

    def __init__(self, reporter: Reporter, file: str | None, color: str) -> None:
        """``color``: auto, always or never."""
        self.reporter = reporter
        self.file = file
        colored = {"always": True, "never": False}.get(color)
        self._output = (
            Output(sys.stdout, colored) if file is None else Output(io.StringIO(), colored or False)
        )
        self._is_begun = False

    @property
    def is_read_by_people(self) -> bool:
        return self.file is None and self.reporter.name in FOR_PEOPLE

    @property
    def is_on_screen(self) -> bool:
        return self.file is None and sys.stdout.isatty()

    def add(self, text: str) -> None:
        """The next file of a built-in format."""
        assert isinstance(self.reporter, BuiltInReporter)
        before = self.reporter.separator if self._is_begun else self.reporter.begin()
        self._output.stream.write(before + text)
        self._is_begun = True

    def close(self, report: Report) -> None:
        """Write what is left; raises UserError where a file cannot be written or a plugin's format fails."""
        if isinstance(self.reporter, BuiltInReporter):
            before = "" if self._is_begun else self.reporter.begin()
            self._output.stream.write(before + self.reporter.end(report, self.look()))
        else:
            self._call_plugin(self.reporter, report)
        if self.file is not None:
            self._save(self.file)

    def look(self) -> object:
        """What of the output a built-in format depends on."""
        assert isinstance(self.reporter, BuiltInReporter)
        return self.reporter.look(self._output)

    def _call_plugin(self, reporter: Reporter, report: Report) -> None:
        """It may fail as a rule may: that is a line, no traceback."""
        try:
            reporter.write(report, self._output)
        except (OSError, KeyboardInterrupt):
            raise
        except Exception as error:
            raise UserError(
                f"the format '{reporter.name}' failed: {type(error).__name__}: {error}"
            ) from error

    def _save(self, file: str) -> None:
        from ..lint.replace import replace_file

        text = self._output.stream
        assert isinstance(text, io.StringIO)
        try:
            replace_file(file, lambda stream: stream.write(text.getvalue()))
        except OSError as error:
            raise UserError(f"--output {file}: cannot be written: {error.strerror or error}") from None


class Sheets:
    """The reports of a run, written together."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._all = sheets
        self._built_in = [sheet for sheet in sheets if isinstance(sheet.reporter, BuiltInReporter)]

    @property
    def rendering(self) -> Rendering:
        """What makes the texts of one file, here or in another process."""
        formats = tuple((sheet.reporter.name, sheet.look()) for sheet in self._built_in)
        return Rendering(formats, keep=len(self._built_in) < len(self._all))

    @property
    def are_read_by_people(self) -> bool:
        return any(sheet.is_read_by_people for sheet in self._all)

    @property
    def are_on_screen(self) -> bool:
        return any(sheet.is_on_screen for sheet in self._all)

    def add(self, texts: Sequence[str]) -> None:
        for sheet, text in zip(self._built_in, texts, strict=True):
            sheet.add(text)

    def close(self, report: Report) -> None:
        for sheet in self._all:
            sheet.close(report)

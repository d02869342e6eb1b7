"""All files of one run."""

from __future__ import annotations

from collections.abc import Sequence

from ..lint.file_report import FileReport
from ..lint.finding import Finding, Severity
from ..lint.plugins import Plugins
from ..model.record import NamedTuple

__all__ = ["FileReport", "Report"]


class Report(NamedTuple):
    """What one run has to say. ``statistics``: whether counts by rule were asked for."""

    files: Sequence[FileReport]
    plugins: Plugins
    statistics: bool = False

    @property
    def exit_code(self) -> int:
        """2: the job could not be done, 1: a finding fails the run, 0 otherwise."""
        if any(file.broken for file in self.files):
            return 2
        return int(any(file.failing for file in self.files))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those of all files."""
        return tuple(finding for file in self.files for finding in file.findings)

    def count(self, severity: Severity) -> int:
        return sum(file.count(severity) for file in self.files)

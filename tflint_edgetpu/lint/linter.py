"""Many files, each under its own settings: those of the nearest settings file, with what the caller says on top."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from .examine import Examiner
from .file_report import FileReport
from .plugins import Plugins
from .request import Request
from .select import Selection
from .settings import Settings, SettingsError


class Linter:
    """Examines files; each settings file, baseline and rule selection is prepared once."""

    def __init__(self, plugins: Plugins, request: Request | None = None) -> None:
        """Raises SettingsError for settings that cannot be used where we stand."""
        self.plugins = plugins
        self.request = request or Request()
        self._examiners: dict[str | None, Examiner] = {}
        self._by_folder: dict[str, str | None] = {}
        self.settings = self._examiner(self._file_for(os.getcwd())).settings

    def prepare(self, paths: Iterable[str]) -> None:
        """Read the settings of all ``paths``; raises SettingsError for the first that cannot be used."""
        for folder in dict.fromkeys(os.path.dirname(os.path.abspath(path)) for path in paths):
            self._examiner(self._file_for(folder))

    def examine(self, path: str) -> FileReport:
        """The report on one file. Raises SettingsError where its settings cannot be used."""
        return self.examiner_of(path).examine(path, self.request.evidence)

    def examiner_of(self, path: str) -> Examiner:
        """The one with the settings that hold for a file. Raises SettingsError where they cannot be used."""
        return self._examiner(self._file_for(os.path.dirname(os.path.abspath(path))))

    def examine_bytes(self, data: bytes, name: str) -> FileReport:
        """The report on a model in memory, under the settings of where we stand."""
        return self._examiner(self._file_for(os.getcwd())).examine_bytes(data, name)

    def _file_for(self, folder: str) -> str | None:
        if self.request.config is not None:
            return self.request.config
        if folder not in self._by_folder:
            from .settings_file import find_settings

            self._by_folder[folder] = find_settings(folder)
        return self._by_folder[folder]

    def _examiner(self, file: str | None) -> Examiner:
        if file not in self._examiners:
            settings = Settings()
            if file is not None:
                from .settings_file import read_settings

                settings = read_settings(file)
                self._check_codes(settings, file)
            self._examiners[file] = self._make(settings)
        return self._examiners[file]

    def _check_codes(self, settings: Settings, file: str) -> None:
        """Every code in a settings file must exist, those that the caller overrides included. What the caller says
        is checked later, so that a mistake is looked for where it stands.
        """
        try:
            selection = Selection(settings, self.plugins)
            for entry in settings.ignores:
                selection.codes_of(entry.code, "ignore.code")
        except SettingsError as error:
            raise SettingsError(f"{file}: {error}") from None

    def _make(self, settings: Settings) -> Examiner:
        request = self.request
        settings = settings._replace(**request.overrides)
        if request.severity:
            settings = settings._replace(severity={**settings.severity, **request.severity})
        if request.runtime is not None:
            settings = settings._replace(target=settings.target._replace(runtime=request.runtime))
        baseline = placement_baseline = None
        if settings.baseline is not None and request.use_baseline:
            from .baseline import read_baseline

            baseline = read_baseline(settings.baseline)
        if request.placement_baseline is not None:
            from .placement_baseline import read_placement_baseline

            placement_baseline = read_placement_baseline(request.placement_baseline)
        return Examiner(settings, self.plugins, baseline, placement_baseline)

    def unused_ignores(self, files: Sequence[FileReport], *, whole: bool) -> list[FileReport]:
        """Reports on settings files whose ignores covered nothing; ``whole``: a folder was looked through."""
        if not any(file.settings.ignores for file in files):
            return []
        from .core_rules import UnusedIgnore
        from .finding import Finding, Location
        from .ignores import unused
        from .run import with_fingerprints

        by_file: dict[str, list[Finding]] = {}
        for settings, entry in unused(files, whole=whole):
            where = Location("source", f"line {entry.line}", entry.code, entry.code, line=entry.line)
            message = f"the ignore of {entry.code} ({entry.reason}) covers no finding"
            by_file.setdefault(settings.file or "", []).append(UnusedIgnore.finding(where, message))
        reports = []
        for path, found in by_file.items():
            examiner = self._examiner(path)
            kept = examiner.selection.apply(with_fingerprints(found))
            if kept:
                reports.append(FileReport(_shown(path), "source", examiner.settings, findings=kept))
        return reports


def _shown(path: str) -> str:
    """A path as a person would write it: relative where it lies below us."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on another drive
        return path
    return path if relative.startswith("..") else relative

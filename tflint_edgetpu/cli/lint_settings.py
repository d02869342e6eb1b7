"""The settings of each file: those of the nearest settings file, with the command line on top."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence

from ..edgetpu.target import COMPILERS
from ..lint.examine import Examiner
from ..lint.file_report import FileReport
from ..lint.plugins import Plugins
from ..lint.settings import Settings
from ..lint.settings_file import CONSUMERS, LEVELS, find_settings, read_settings
from .main import UserError


class SettingsOf:
    """Examiners by settings file, each made once."""

    def __init__(self, arguments: Namespace, plugins: Plugins) -> None:
        """Raises SettingsError or UserError for what cannot be used."""
        self._arguments = arguments
        self.plugins = plugins
        self._examiners: dict[str | None, Examiner] = {}
        self._by_folder: dict[str, str | None] = {}
        # The settings of where we stand: wrong ones are told before anything is linted.
        self.exclude = self._examiner(self._file_for(os.getcwd())).settings.exclude

    def examine(self, path: str) -> FileReport:
        """The report on one file, under its own settings."""
        examiner = self._examiner(self._file_for(os.path.dirname(os.path.abspath(path))))
        arguments = self._arguments
        if arguments.log or arguments.compiled or arguments.join:
            return examiner.examine(path, log=arguments.log, compiled=arguments.compiled, join=arguments.join)
        return examiner.examine(path)

    def _file_for(self, folder: str) -> str | None:
        if self._arguments.config:
            return str(self._arguments.config)
        if folder not in self._by_folder:
            self._by_folder[folder] = find_settings(folder)
        return self._by_folder[folder]

    def _examiner(self, file: str | None) -> Examiner:
        if file not in self._examiners:
            self._examiners[file] = self._make(Settings() if file is None else read_settings(file))
        return self._examiners[file]

    def _make(self, settings: Settings) -> Examiner:
        settings = _with_options(settings, self._arguments)
        baseline = placement_baseline = None
        if settings.baseline is not None and not self._arguments.write_baseline:
            from ..lint.baseline import read_baseline

            baseline = read_baseline(settings.baseline)
        if self._arguments.placement_baseline:
            from ..lint.placement_baseline import read_placement_baseline

            placement_baseline = read_placement_baseline(self._arguments.placement_baseline)
        return Examiner(settings, self.plugins, baseline, placement_baseline)

    def unused_ignores(self, files: Sequence[FileReport], *, whole: bool) -> list[FileReport]:
        """Reports on settings files whose ignores covered nothing."""
        if not any(file.settings.ignores for file in files):
            return []
        from ..lint.core_rules import UnusedIgnore
        from ..lint.finding import Finding, Location
        from ..lint.ignores import unused
        from ..lint.run import with_fingerprints

        by_file: dict[str, tuple[Settings, list[Finding]]] = {}
        for settings, entry in unused(files, whole=whole):
            where = Location("source", f"line {entry.line}", entry.code, entry.code, line=entry.line)
            finding = UnusedIgnore.finding(
                where, f"the ignore of {entry.code} ({entry.reason}) covers no finding"
            )
            by_file.setdefault(settings.file or "", (settings, []))[1].append(finding)
        reports = []
        for path, (settings, found) in by_file.items():
            selection = self._examiner(settings.file).selection
            kept = selection.apply(with_fingerprints(found))
            if kept:
                reports.append(FileReport(os.path.relpath(path), "source", settings, findings=kept))
        return reports


def _with_options(settings: Settings, arguments: Namespace) -> Settings:
    """``settings`` with what the command line says instead."""
    if arguments.select is not None:
        settings = settings._replace(select=_words(arguments.select))
    if arguments.ignore is not None:
        settings = settings._replace(ignore=_words(arguments.ignore))
    if arguments.severity:
        grades = dict(settings.severity)
        for text in arguments.severity:
            code, _, word = text.partition("=")
            if word not in LEVELS:
                raise UserError(f"--severity takes CODE=LEVEL with {', '.join(LEVELS)}, not '{text}'")
            grades[code] = LEVELS[word]
        settings = settings._replace(severity=grades)
    if arguments.fail_on is not None:
        settings = settings._replace(fail_on=LEVELS.get(arguments.fail_on))
    if arguments.target_compiler is not None:
        if arguments.target_compiler not in COMPILERS:
            raise UserError(
                f"--target-compiler: there is {', '.join(COMPILERS)}, no '{arguments.target_compiler}'"
            )
        settings = settings._replace(target=COMPILERS[arguments.target_compiler])
    if arguments.min_runtime_version is not None:
        settings = settings._replace(target=settings.target._replace(runtime=arguments.min_runtime_version))
    if arguments.multiple_subgraphs:
        settings = settings._replace(multiple_subgraphs=True)
    if arguments.consumer is not None:
        if arguments.consumer not in CONSUMERS:
            raise UserError(f"--consumer: there is {', '.join(CONSUMERS)}, no '{arguments.consumer}'")
        settings = settings._replace(consumer=arguments.consumer)
    if arguments.baseline is not None:
        settings = settings._replace(baseline=arguments.baseline)
    return settings


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())

"""Linting in several processes: each imports the rules once and then takes file after file."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from ..lint.file_report import FileReport
from ..lint.plugins import Plugins
from ..lint.settings import Settings
from .lint_settings import SettingsOf

_settings: SettingsOf | None = None  # of a worker process


def _start(arguments: Namespace) -> None:
    global _settings
    _settings = SettingsOf(arguments, Plugins())


def _examine(path: str) -> FileReport:
    assert _settings is not None
    return _settings.examine(path)


def examine_in_processes(
    arguments: Namespace, plugins: Plugins, paths: list[str], jobs: int
) -> Iterator[FileReport]:
    """The reports in the order of ``paths``. A file whose process dies is reported as not read."""
    # Several files at a time, so that sending them costs little; few, so that all processes end together.
    chunk = max(1, min(16, len(paths) // (4 * jobs)))
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(arguments,)) as pool:
        done = 0
        try:
            for report in pool.map(_examine, paths, chunksize=chunk):
                yield report
                done += 1
        except BrokenProcessPool:
            for path in paths[done:]:
                error = "not linted: a worker process died (out of memory?); try --jobs 1"
                yield FileReport(path, "unreadable", Settings(), error=error)

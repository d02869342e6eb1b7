"""Linting in several processes: each imports the rules once and then takes file after file."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from .file_report import FileReport
from .linter import Linter
from .plugins import Plugins
from .request import Request
from .settings import Settings, SettingsError

_MOST_AT_A_TIME = 16

_linter: Linter | None = None  # of a worker process


def examine_in_processes(linter: Linter, paths: Sequence[str], jobs: int) -> Iterator[FileReport]:
    """The reports in the order of ``paths``.

    Settings that cannot be used raise SettingsError, as they do in one process. Files that a dead process
    leaves behind are reported as not linted.
    """
    # Several files at a time, so that sending them costs little; few, so that all processes end together.
    chunk = max(1, min(_MOST_AT_A_TIME, len(paths) // (4 * jobs)))
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(linter.request,)) as pool:
        done = 0
        try:
            for path, answer in zip(paths, pool.map(_examine, paths, chunksize=chunk), strict=True):
                yield _report(linter, path, answer)
                done += 1
        except BrokenProcessPool:
            for path in paths[done:]:
                error = "not linted: a worker process died, perhaps for want of memory; try --jobs 1"
                yield FileReport(path, "unreadable", Settings(), error=error)
        except BaseException:  # nobody wants the rest: an interrupt, settings that cannot be used
            pool.shutdown(cancel_futures=True)
            raise


def _start(request: Request) -> None:
    import signal

    global _linter
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started us tells us when to stop
    _linter = Linter(Plugins(), request)


def _examine(path: str) -> bytes | SettingsError | None:
    """The report, pickled; ``None`` where a plugin put something into it that cannot travel."""
    assert _linter is not None
    try:
        report = _linter.examine(path)
    except SettingsError as error:
        return error
    try:
        return pickle.dumps(report, pickle.HIGHEST_PROTOCOL)
    except Exception:  # whatever an object of a plugin raises
        return None


def _report(linter: Linter, path: str, answer: bytes | SettingsError | None) -> FileReport:
    if answer is None:
        return linter.examine(path)
    if isinstance(answer, SettingsError):
        raise answer
    report: FileReport = pickle.loads(answer)  # made by a process of ours
    return report

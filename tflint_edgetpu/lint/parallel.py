"""Linting in several processes: each imports the rules once and then takes file after file."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any, TypeVar

from .file_report import FileReport
from .linter import Linter
from .plugins import Plugins
from .settings import Settings, SettingsError

if TYPE_CHECKING:
    from .request import Request

T = TypeVar("T")

_MOST_AT_A_TIME = 16

# Of a worker process.
_linter: Linter | None = None
_finish: Callable[[FileReport], Any] | None = None


def examine_in_processes(
    linter: Linter, paths: Sequence[str], jobs: int, finish: Callable[[FileReport], T]
) -> Iterator[T]:
    """What ``finish`` makes of each report, in the order of ``paths``. It is called where the file was
    examined, so that only its result has to travel.

    Settings that cannot be used raise SettingsError, as they do in one process. Files that a dead process
    leaves behind are reported as not linted.
    """
    # Several files at a time, so that sending them costs little; few, so that all processes end together.
    chunk = max(1, min(_MOST_AT_A_TIME, len(paths) // (4 * jobs)))
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(linter.request, finish)) as pool:
        done = 0
        try:
            for path, answer in zip(paths, pool.map(_examine, paths, chunksize=chunk), strict=True):
                yield _result(linter, path, answer, finish)
                done += 1
        except BrokenProcessPool:
            for path in paths[done:]:
                error = "not linted: a worker process died, perhaps for want of memory; try --jobs 1"
                yield finish(FileReport(path, "unreadable", Settings(), error=error))
        except BaseException:  # nobody wants the rest: an interrupt, settings that cannot be used
            pool.shutdown(cancel_futures=True)
            raise


def _start(request: Request, finish: Callable[[FileReport], Any]) -> None:
    import signal

    global _linter, _finish
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started us tells us when to stop
    _linter, _finish = Linter(Plugins(), request), finish


def _examine(path: str) -> bytes | SettingsError | None:
    """The result, pickled; ``None`` where a plugin put something into it that cannot travel."""
    assert _linter is not None and _finish is not None
    try:
        result = _finish(_linter.examine(path))
    except SettingsError as error:
        return error
    try:
        return pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
    except Exception:  # whatever an object of a plugin raises
        return None


def _result(
    linter: Linter, path: str, answer: bytes | SettingsError | None, finish: Callable[[FileReport], T]
) -> T:
    if answer is None:
        return finish(linter.examine(path))
    if isinstance(answer, SettingsError):
        raise answer
    result: T = pickle.loads(answer)  # made by a process of ours
    return result


def whole(file: FileReport) -> FileReport:
    """To finish with the report itself."""
    return file

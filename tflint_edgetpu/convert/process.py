"""The parent's side of the child process: orders, answers, and what it means when there is none."""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from ..verify.child_process import program
from .attempt import OTHER, TIMEOUT, Attempt, Failure, crash, explain
from .calibration.request import CalibrationRequest, InputSpec
from .errors import CannotConvert
from .recipe import Recipe, as_dict
from .source import LARGEST_BYTES, Source

CHILD = Path(__file__).parent / "child" / "main.py"
# A conversion of a large model takes minutes; one that is still running after an hour never ends.
TIMEOUT_SECONDS = 3600
ACCESS_VIOLATION = 0xC0000005  # exit code on Windows where others send SIGSEGV
LONGEST_LINE = 2**20
MOST_PRINTED = 2**18  # bytes of what it printed that are kept: the end of it


class Described(NamedTuple):
    """The source as the child loaded it."""

    inputs: tuple[InputSpec, ...]
    signature: str
    recurrent: tuple[str, ...]
    notes: tuple[str, ...]
    versions: dict[str, str]


class Seen(NamedTuple):
    """What calibration gave: lowest and highest value of each input, and what the user should know."""

    ranges: dict[str, tuple[float, float]]
    notes: tuple[str, ...]


class Converter:
    """A child process with one source loaded; started again when a conversion kills it."""

    def __init__(
        self,
        source: Source,
        request: CalibrationRequest,
        *,
        shapes: dict[str, tuple[int, ...]] | None = None,
        progress: Callable[[int], None] | None = None,
        largest_bytes: int = LARGEST_BYTES,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tflint-edgetpu-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self._log = self.folder / "printed.txt"
        self._job = {
            "source": source._asdict(),
            "calibration": request._asdict(),
            "shapes": shapes or {},
            "folder": str(self.folder),
            "largest_bytes": largest_bytes,
        }
        self._progress = progress
        self._timeout = timeout
        self._process: subprocess.Popen[str] | None = None
        self._recurrent: tuple[str, ...] = ()

    def __enter__(self) -> Converter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self._process is not None:  # interrupted: nobody waits for the converter
            self._process.kill()
        self._end()
        self._folder.cleanup()

    def load(self) -> Described:
        """Start the child and load the source; raises CannotConvert."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                program(CHILD), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                text=True, encoding="utf-8", errors="replace",
            )  # fmt: skip
        answer = self._ask(self._job)
        if isinstance(answer, Failure):
            self._end()
            raise CannotConvert(answer.text)
        try:
            described = Described(
                tuple(
                    InputSpec(str(i["name"]), tuple(map(int, i["shape"])), str(i["dtype"]))
                    for i in answer["inputs"]
                ),
                str(answer["signature"]),
                tuple(map(str, answer["recurrent"])),
                tuple(map(str, answer["notes"])),
                {str(name): str(value) for name, value in dict(answer["versions"]).items()},
            )
        except (KeyError, TypeError, ValueError):
            raise CannotConvert("the child process gave no sensible description of the source") from None
        self._recurrent = described.recurrent
        return described

    def convert(self, recipe: Recipe, why: str) -> Attempt:
        """Try a recipe; a crash or a hang of the converter is a failure like any other."""
        if self._process is None:
            self.load()
        start, printed = time.monotonic(), self._printed_bytes()
        out = self.folder / "candidate.tflite"
        out.unlink(missing_ok=True)
        answer = self._ask({"do": "convert", "recipe": as_dict(recipe), "out": str(out)})
        data = None
        if not isinstance(answer, Failure):
            try:
                data = out.read_bytes()
                failure = None
            except OSError:
                failure = Failure(OTHER, "the converter said it was done and wrote nothing")
        else:
            failure = answer
        return Attempt(recipe, why, data, failure, self._printed_since(printed), time.monotonic() - start)

    def samples(self) -> tuple[Path | None, Path | None]:
        """Files of inputs for the comparison (calibration, held back); raises CannotConvert."""
        paths = self.folder / "samples.npz", self.folder / "held_back.npz"
        self._seen({"do": "samples", "calibration": str(paths[0]), "held_back": str(paths[1])})
        first, second = (path if path.is_file() else None for path in paths)
        return first, second

    def seen(self) -> Seen:
        """What calibration has given so far; raises CannotConvert."""
        return self._seen({"do": "seen"})

    def _seen(self, order: dict[str, Any]) -> Seen:
        if self._process is None:
            self.load()
        answer = self._ask(order)
        if isinstance(answer, Failure):
            raise CannotConvert(answer.text)
        ranges = {}
        for name, pair in dict(answer.get("ranges") or {}).items():
            if isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, (int, float)) for x in pair):
                ranges[str(name)] = float(pair[0]), float(pair[1])
        return Seen(ranges, tuple(map(str, answer.get("notes") or ())))

    def _ask(self, order: dict[str, Any]) -> dict[str, Any] | Failure:
        """Send an order and wait for its answer; a Failure where the child dies, hangs or raises."""
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        hung = threading.Event()

        def end() -> None:
            hung.set()
            process.kill()

        watch = threading.Timer(self._timeout, end)
        watch.daemon = True
        watch.start()
        try:
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
            while line := process.stdout.readline(LONGEST_LINE):
                answer = _answer(line)
                if answer is None:
                    continue
                if "progress" in answer:
                    if self._progress is not None and isinstance(answer["progress"], int):
                        self._progress(answer["progress"])
                elif "failed" in answer:
                    return explain(str(answer["failed"]), str(answer.get("text", "")))
                else:
                    return answer
        except (BrokenPipeError, OSError):
            pass
        finally:
            watch.cancel()
        code = process.wait()
        self._end()
        if hung.is_set():
            return Failure(TIMEOUT, f"the converter did not finish within {self._timeout:.0f} s")
        if code < 0:
            return crash(-code, self._recurrent)
        if code == ACCESS_VIOLATION:
            return crash(signal.SIGSEGV, self._recurrent)
        return Failure(OTHER, f"the converter ended with exit code {code}: {self._last_printed()}")

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _printed_bytes(self) -> int:
        return self._log.stat().st_size if self._log.exists() else 0

    def _printed_since(self, start: int) -> str:
        if not self._log.exists():
            return ""
        with self._log.open("rb") as log:
            log.seek(max(start, self._printed_bytes() - MOST_PRINTED))
            return log.read(MOST_PRINTED).decode("utf-8", "replace")

    def _last_printed(self) -> str:
        lines = [line.strip() for line in self._printed_since(0).splitlines() if line.strip()]
        return lines[-1][:240] if lines else "it printed nothing"


def _answer(line: str) -> dict[str, Any] | None:
    """One answer, ``None`` for a line that is none."""
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None

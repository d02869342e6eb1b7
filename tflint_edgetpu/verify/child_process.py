"""The parent's side of a child process that runs an interpreter: the job goes in as JSON, messages come out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

# How much of what a child complains about is looked at: the end of it.
_TAIL_BYTES = 8192
_LONGEST_COMPLAINT = 600
_EXCEPTION = re.compile(r"[\w.]*(Error|Exception)\b")
_LONGEST_LINE = 2**26  # a message with the shapes of a large model; a line without end is none


# A script that is run by its path has its own folder first, where a module of ours would stand in for another one of
# its name, and does not find the package.
_START = """\
import runpy, sys
script, root = sys.argv[1:3]
sys.path = [folder for folder in sys.path if folder] + [root]
runpy.run_path(script, run_name="__main__")
"""


class Answer(NamedTuple):
    """What a child said before it ended."""

    result: dict[str, Any] | None
    stage: str  # the step it was at
    why: str  # one line for a person: why there is no result


def program(script: Path) -> list[str]:
    """The command that runs ``script`` as a process of its own, which finds this package and nothing else of ours."""
    return [sys.executable, "-c", _START, str(script), str(Path(__file__).resolve().parents[2])]


def run_child(
    script: Path,
    job: dict[str, Any],
    timeout: float,
    on_message: Callable[[dict[str, Any]], None] | None = None,
) -> Answer:
    """Run ``script`` with ``job`` on standard input; never raises for what the child does.

    ``on_message`` sees every message as it comes.
    """
    last: dict[str, Any] = {}
    stage, hung = "start", threading.Event()
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            program(script), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
        )
        assert process.stdin is not None and process.stdout is not None

        def end() -> None:
            hung.set()
            process.kill()

        watch = threading.Timer(timeout, end)
        watch.daemon = True
        watch.start()
        try:
            with suppress(OSError):  # it died before it read the job
                process.stdin.write(json.dumps(job).encode())
            with suppress(OSError):
                process.stdin.close()
            while line := process.stdout.readline(_LONGEST_LINE):
                message = _message(line)
                if message is None:
                    continue
                last = message
                stage = str(message.get("stage", stage))
                if on_message is not None:
                    on_message(message)
            code = process.wait()
        finally:
            watch.cancel()
            process.kill()
            process.stdout.close()
            process.wait()
        return Answer(last.get("result"), stage, _why(code, timeout if hung.is_set() else None, complaints))


def _why(code: int, timeout: float | None, complaints: Any) -> str:
    if timeout is not None:
        return f"it did not finish within {timeout:.0f} s"
    if code < 0:
        return f"the interpreter crashed (signal {-code})"
    complaints.seek(0, 2)
    complaints.seek(max(0, complaints.tell() - _TAIL_BYTES))
    return complaint(complaints.read().decode("utf-8", "replace")) or f"exit code {code}"


def complaint(text: str) -> str:
    """The end of what a child printed, in one line: the exception with all its lines, else the last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    start = next((n for n in range(len(lines) - 1, -1, -1) if _EXCEPTION.match(lines[n])), len(lines) - 1)
    return " ".join(lines[start:])[:_LONGEST_COMPLAINT] if lines else ""


def _message(line: bytes) -> dict[str, Any] | None:
    """A message of the child; ``None`` for a line that something else printed."""
    if not line.startswith(b"{"):
        return None
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None

"""The command as a process: streams that close, fill up or are no terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

Copy = Callable[..., Path]
COMMAND = [sys.executable, "-m", "tflint_edgetpu"]


def process(*words: str, stdout: int | IO[Any] = subprocess.PIPE, **keywords: Any) -> Any:
    return subprocess.run(
        [*COMMAND, *words], stdout=stdout, stderr=subprocess.PIPE, check=False, timeout=120, **keywords
    )


def test_as_a_user_runs_it(copy: Copy) -> None:
    copy("ssd_user_settings")
    done = process("lint", text=True)
    assert (done.returncode, done.stderr) == (1, "")
    assert "PLC001" in done.stdout and "\x1b" not in done.stdout


def test_a_terminal_that_knows_only_ascii(copy: Copy) -> None:
    copy("ssd_user_settings", "übung")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for words in (["lint"], ["lint", "--format", "concise"], ["placement", "übung.tflite"], ["plugins"]):
        done = process(*words, env=environment)
        assert done.stderr == b"" and done.returncode in (0, 1)
        assert done.stdout.isascii() and done.stdout


def test_whoever_reads_goes_away(copy: Copy) -> None:
    for number in range(30):
        copy("ssd_user_settings", f"model{number}")
    for words in (["lint"], ["lint", "--format", "json"]):
        with subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdout is not None and running.stderr is not None
            running.stdout.close()
            assert running.stderr.read() == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [["lint"], ["lint", "--format", "json"], ["rules"], ["--help"]])
def test_a_full_disk(words: list[str], copy: Copy) -> None:
    copy("ssd_user_settings")
    with open("/dev/full", "wb") as full:
        done = process(*words, stdout=full, text=True)
    assert done.returncode == 2
    assert done.stderr == "tflint-edgetpu: the output: No space left on device\n"


def test_closed_streams(copy: Copy) -> None:
    copy("classifier_int8")

    def close() -> None:
        for number in (0, 1, 2):
            os.close(number)

    assert subprocess.run([*COMMAND, "lint"], preexec_fn=close, check=False).returncode == 0
    assert subprocess.run([*COMMAND, "lint", "-"], preexec_fn=close, check=False).returncode == 2


def test_a_model_from_the_standard_input(copy: Copy) -> None:
    path = copy("ssd_user_settings")
    done = process("lint", "-", "--format", "concise", input=path.read_bytes())
    assert done.returncode == 1
    assert done.stdout.startswith(b"<stdin>:subgraph[0].op[")


@pytest.mark.parametrize("data", [b"", b"not a model", b"\x1c\0\0\0TFL3" + b"\xff" * 100])
def test_no_model_from_the_standard_input(data: bytes, folder: Path) -> None:
    done = process("lint", "-", "--format", "concise", input=data)
    assert (done.returncode, done.stderr) == (2, b"")
    assert done.stdout.startswith(b"<stdin>: error: ")

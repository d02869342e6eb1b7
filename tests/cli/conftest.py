"""A folder to lint in, and the command as a function."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tflint_edgetpu.cli.main import main

FIXTURES = Path(__file__).parents[2] / "fixtures"
Run = Callable[..., "Done"]


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the commands run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TFLINT_EDGETPU_PLUGINS", raising=False)
    return tmp_path


@pytest.fixture
def copy(folder: Path) -> Callable[..., Path]:
    """``copy("flex", "models/a")`` puts a fixture there and returns its path."""

    def put(fixture: str, name: str | None = None) -> Path:
        path = folder / f"{name or fixture}.tflite"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FIXTURES / f"{fixture}.tflite", path)
        return path

    return put


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run("lint", "--format", "json")``: exit code, standard output and error."""

    def call(*words: str) -> Done:
        capsys.readouterr()
        try:
            code = main(words)
        except SystemExit as end:  # how argparse says that it does not know an option
            code = end.code if isinstance(end.code, int) else 1
        out, err = capsys.readouterr()
        return Done(code, out, err)

    return call

"""The built wheel, and fresh environments with no checkout in sight."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


def _run(*words: object, cwd: Path, code: int | None = 0) -> subprocess.CompletedProcess[str]:
    # Without PYTHONPATH, which would put a checkout in front of what is installed.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert code is None or done.returncode == code, f"{words}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="session")
def run() -> Run:
    """Run a program in ``cwd``; fails unless it ends with ``code``."""
    return _run


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by way of the source distribution: what that lacks, the wheel lacks."""
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a fresh environment, install something into it, and return its folder of programs."""

    def make(*requirements: object) -> Path:
        folder = tmp_path_factory.mktemp("environment")
        venv.create(folder, with_pip=True)
        programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
        _run(programs / "python", "-m", "pip", "install", "--quiet", *requirements, cwd=folder)
        return programs

    return make


@pytest.fixture(scope="session")
def installed(wheel: Path, environment: Callable[..., Path]) -> Path:
    """The programs of an environment that has the wheel and what it requires, nothing else."""
    return environment(wheel)

"""The hook as pre-commit runs it, in a repository of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = pytest.mark.slow


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_the_hook_stops_a_bad_model(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    hooks, repository = tmp_path / "hooks", tmp_path / "repository"
    ignored = shutil.ignore_patterns(
        ".git", ".venv*", "*_cache", "__pycache__", ".hypothesis", "docs", "tests"
    )
    shutil.copytree(ROOT, hooks, ignore=ignored)
    repository.mkdir()
    for folder in (hooks, repository):
        run("git", "init", "--quiet", cwd=folder)
        run("git", "config", "user.email", "test@example.com", cwd=folder)
        run("git", "config", "user.name", "test", cwd=folder)
    run("git", "add", "-A", cwd=hooks)
    run("git", "commit", "--quiet", "-m", "hooks", cwd=hooks)
    revision = run("git", "rev-parse", "HEAD", cwd=hooks).stdout.strip()
    (repository / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks.as_uri()}\n  rev: {revision}\n  hooks:\n"
        "  - id: tflint-edgetpu\n  - id: tflint-edgetpu-scripts\n"
    )
    shutil.copy(ROOT / "fixtures/classifier_int8.tflite", repository / "good.tflite")
    run("git", "add", "-A", cwd=repository)
    pre_commit = (sys.executable, "-m", "pre_commit", "run", "--all-files")
    assert "Passed" in run(*pre_commit, cwd=repository).stdout
    shutil.copy(ROOT / "fixtures/classifier_float32.tflite", repository / "bad.tflite")
    run("git", "add", "-A", cwd=repository)
    output = run(*pre_commit, cwd=repository, code=1).stdout
    assert "QNT001" in output and "bad.tflite" in output and "CNV" not in output
    (repository / "bad.tflite").unlink()
    (repository / "convert.py").write_text(
        "import tensorflow as tf\nconverter = tf.lite.TFLiteConverter.from_saved_model('model')  # for the Edge TPU\n"
        "converter.optimizations = [tf.lite.Optimize.DEFAULT]\ndata = converter.convert()\n"
    )
    run("git", "add", "-A", cwd=repository)
    output = run(*pre_commit, cwd=repository, code=1).stdout
    assert "CNV001" in output and "convert.py:2" in output

"""What the README tells people to paste works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tflint_edgetpu.lint.settings_file import read_settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("code", blocks("python"))
def test_python(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "OPS003" in done.stdout and done.stdout.rstrip().endswith("%")


@pytest.mark.parametrize("code", blocks("toml"))
def test_settings(code: str, tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(code, encoding="utf-8")
    settings = read_settings(str(file))
    assert settings.consumer == "frigate" and settings.ignores[0].code == "IOB002"


def test_there_is_something_of_each() -> None:
    assert blocks("python") and blocks("toml") and blocks("yaml") and len(blocks("text")) == 5


@pytest.mark.slow
def test_the_conversion(tmp_path: Path) -> None:
    """What the README shows of it is what it prints, seconds and decibels aside."""
    pytest.importorskip("tensorflow", reason="TensorFlow is not installed (extra 'convert')")
    found = re.search(r"<!-- converted: tflint-edgetpu (.*) -->\n```text\n(.*?)```", README, re.DOTALL)
    assert found is not None
    words = [str(tmp_path / word) if word == "ssd.tflite" else word for word in found[1].split()]
    done = subprocess.run(
        [sys.executable, "-m", "tflint_edgetpu", *words], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "COLUMNS": "80"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert comparable(done.stdout) == comparable(found[2])


def comparable(text: str) -> list[str]:
    number = re.compile(r"\d+(\.\d+)? (s|dB|steps)\b|\d\.\d{4}|\d+\.\d+\.\d+|─+")
    lines = [number.sub("#", line) for line in text.splitlines()]
    return [line.strip() for line in lines if "written" not in line and ".recipe." not in line]

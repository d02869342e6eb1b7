"""What a user does wrong is one line on the standard error and exit code 2, never a traceback."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Copy = Callable[..., Path]
MODEL = "classifier_int8.tflite"


@pytest.fixture(autouse=True)
def model(copy: Copy) -> Path:
    return copy("classifier_int8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lnt"], "'lnt' is no command; did you mean 'lint'?"),
        ([MODEL], f"to lint it: tflint-edgetpu lint {MODEL}"),
        (["--bogus"], "unknown option '--bogus'"),
        (["lint", "--bogus"], "unrecognized arguments: --bogus"),
        (["lint", "--sel", "QNT"], "unrecognized arguments: --sel"),
        (["lint", "--severty", "QNT=info"], "did you mean '--severity'?"),
        (["lint", "--format", "jsn"], "no format 'jsn'; did you mean 'json'?"),
        (["lint", "--format", "json", "--format", "sarif"], "only one report can go to the standard output"),
        (["lint", "--select", "QNT999"], "no rule is called 'QNT999'"),
        (["lint", "--select", "flot-input"], "did you mean 'float-input'?"),
        (["lint", "--ignore", "XYZ"], "no rule is called 'XYZ'"),
        (["lint", "--severity", "IOB001"], "--severity takes CODE=LEVEL"),
        (["lint", "--severity", "IOB001=eror"], "did you mean 'error'?"),
        (["lint", "--severity", "XYZ=error"], "no rule is called 'XYZ'"),
        (["lint", "--fail-on", "nevr"], "never"),
        (["lint", "--target-compiler", "17"], "2.1, 14.1, 15.0, 16.0"),
        (["lint", "--min-runtime-version", "0"], "a runtime version such as 13"),
        (["lint", "--min-runtime-version", "new"], "invalid int value"),
        (["lint", "--consumer", "frigat"], "did you mean 'frigate'?"),
        (["lint", "--jobs", "-1"], "--jobs takes the number of processes"),
        (["lint", "--config", "missing.toml"], "missing.toml: cannot be read"),
        (["lint", "--config", "."], "cannot be read"),
        (["lint", "--baseline", "missing.json"], "missing.json: cannot be read"),
        (["lint", "--placement-baseline", "missing.json"], "missing.json"),
        (["lint", "--output", "missing/report.json"], "cannot be written"),
        (["lint", "--output", "."], "cannot be written"),
        (["lint", "--write-baseline", "missing/base.json"], "cannot be written"),
        (["lint", MODEL, "--output", MODEL], "nothing is written over it"),
        (["lint", "--log", "missing.log", MODEL], "missing.log"),
        (["explain", "QNT99"], "nothing is called 'QNT99'; did you mean"),
        (["explain", "conv2d"], "did you mean 'CONV_2D'?"),
        (["explain"], "required: WORD"),
        (["rules", "--format", "xml"], "invalid choice: 'xml'"),
        (["placement", "missing.tflite"], "missing.tflite: no such file"),
        (["placement", "."], "this is a directory"),
        (["placement", MODEL, "--intermediate-tensors", "nope"], "no tensor 'nope'"),
        (["placement", MODEL, MODEL, "--format", "csv"], "--format csv takes one model"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_one_line(words: list[str], said: str, run: Any, model: Path) -> None:
    before = model.read_bytes()
    done = run(*words)
    assert done.code == 2
    assert said in re.sub(r"\s+", " ", done.out + done.err)
    assert "Traceback" not in done.err
    assert model.read_bytes() == before
    assert not list(Path().rglob("*.tmp"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "this is not JSON"),
        ("[" * 100_000, "this is not JSON"),
        ("\xff", "this is not JSON"),
        ("[]", "not written by"),
        ('{"files": {}}', "version None"),
        ('{"files": {}, "baseline_version": 99}', "version 99"),
    ],
    ids=lambda text: text[:20],
)
def test_a_damaged_baseline(text: str, said: str, run: Any, folder: Path) -> None:
    (folder / "base.json").write_text(text, "latin-1")
    done = run("lint", "--baseline", "base.json")
    assert (done.code, done.out) == (2, "")
    assert said in done.err and done.err.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    ["", "[", "[]", "{}", '{"files": 3}', '{"files": [{}]}', '{"files": [{"path": "a", "placement": 3}]}'],
)
def test_a_damaged_placement_baseline(text: str, run: Any, folder: Path) -> None:
    (folder / "report.json").write_text(text)
    done = run("lint", "--placement-baseline", "report.json")
    assert (done.code, done.out) == (2, "")
    assert "this is no report of 'tflint-edgetpu lint --format json'" in done.err


def test_a_failed_write_leaves_nothing_behind(run: Any, folder: Path) -> None:
    (folder / "there").mkdir()
    before = sorted(os.listdir())
    assert run("lint", "--output", "there").code == 2
    assert run("lint", "--write-baseline", "there/x/y").code == 2
    assert sorted(os.listdir()) == before


def test_a_report_never_replaces_a_device(run: Any) -> None:
    assert run("lint", "--output", os.devnull).code == 0
    assert not os.path.isfile(os.devnull)


def test_hostile_words_come_back_harmless(run: Any) -> None:
    for words in (
        ["lint", "\x1b[31m.tflite"],
        ["\x1b[31m"],
        ["explain", "\x1b[31m\n"],
        ["lint", "--select", "\x1b"],
    ):
        done = run(*words)
        assert done.code == 2
        assert "\x1b" not in done.out + done.err


def test_a_pipe_is_not_waited_for(run: Any, folder: Path) -> None:
    os.mkfifo(folder / "pipe.tflite")
    done = run("lint", "pipe.tflite")
    assert done.code == 2
    assert "a pipe, a socket or a device" in done.out


def test_a_link_that_leads_nowhere_is_reported(run: Any, folder: Path) -> None:
    """Models kept in git-annex or DVC look like this where they were not fetched."""
    (folder / "loop.tflite").symlink_to("loop.tflite")
    (folder / "gone.tflite").symlink_to("annex/objects/gone")
    done = run("lint", "--format", "concise")
    assert done.code == 2
    assert "loop.tflite: error: " in done.out and "gone.tflite: error: " in done.out

"""0: nothing at or above --fail-on; 1: something is; 2: the job could not be done, and 2 beats 1."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CLEAN, ERRORS, WARNINGS = "classifier_int8", "ssd_user_settings", "classifier_int8_float_io"
Copy = Callable[..., Path]


@pytest.mark.parametrize(
    ("fixtures", "broken", "code"),
    [
        ([CLEAN], False, 0),
        ([ERRORS], False, 1),
        ([CLEAN, ERRORS], False, 1),
        ([], True, 2),
        ([CLEAN], True, 2),
        ([ERRORS], True, 2),
    ],
)
@pytest.mark.parametrize("format", ["full", "concise", "json", "sarif", "github", "junit"])
def test_every_combination(
    fixtures: list[str], broken: bool, code: int, format: str, copy: Copy, folder: Path, run: Any
) -> None:
    for fixture in fixtures:
        copy(fixture)
    if broken:
        (folder / "broken.tflite").write_bytes(b"\0" * 100)
    done = run("lint", "--format", format)
    assert done.code == code
    assert "Traceback" not in done.err
    said = done.out + done.err
    assert (ERRORS in said) == (ERRORS in fixtures)  # the findings of the others are still printed
    assert ("broken.tflite" in said) == broken


@pytest.mark.parametrize(
    ("fail_on", "code"), [("error", 1), ("warning", 1), ("info", 1), ("never", 0)]
)  # fmt: skip
def test_fail_on_with_an_error(fail_on: str, code: int, copy: Copy, run: Any) -> None:
    copy(ERRORS)
    assert run("lint", "--fail-on", fail_on).code == code


def test_fail_on_below_the_findings(copy: Copy, run: Any) -> None:
    copy(ERRORS)
    words = ["lint", "--select", "DET006", "--format", "json"]
    findings = json.loads(run(*words).out)["files"][0]["findings"]
    assert [finding["severity"] for finding in findings] == ["info"]
    assert [run(*words, "--fail-on", level).code for level in ("error", "warning", "info", "never")] == [
        0, 0, 1, 0,
    ]  # fmt: skip


def test_never_does_not_hide_what_could_not_be_done(folder: Path, run: Any) -> None:
    (folder / "broken.tflite").write_bytes(b"")
    assert run("lint", "--fail-on", "never").code == 2


@pytest.mark.parametrize("words", [["missing.tflite"], ["*.nothing"], ["."], ["nowhere/"], [""]])
def test_naming_nothing_is_a_failure(words: list[str], run: Any) -> None:
    done = run("lint", *words)
    assert done.code == 2
    assert done.err or "error: no such file" in done.out


def test_the_json_says_the_code(copy: Copy, folder: Path, run: Any) -> None:
    copy(ERRORS)
    assert json.loads(run("lint", "--format", "json").out)["summary"]["exit_code"] == 1
    (folder / "broken.tflite").write_bytes(b"")
    assert json.loads(run("lint", "--format", "json").out)["summary"]["exit_code"] == 2

"""The options of ``lint``: which findings, in which form, of which files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Copy = Callable[..., Path]
MODEL = "ssd_user_settings"


def codes(run: Any, *words: str) -> dict[str, str]:
    """Code -> severity of what one run over one model finds."""
    findings = json.loads(run("lint", "--format", "json", *words).out)["files"][0]["findings"]
    return {finding["code"]: finding["severity"] for finding in findings}


@pytest.fixture
def everything(copy: Copy, run: Any) -> dict[str, str]:
    copy(MODEL)
    found = codes(run)
    assert {"PLC001", "DET002", "DET006"} < set(found)
    return found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--select", "PLC001"], {"PLC001"}),
        (["--select", "plc001"], {"PLC001"}),
        (["--select", "early-partition-break,DET006"], {"PLC001", "DET006"}),
        (["--select", "DET"], {"DET002", "DET006"}),
        (["--select", "ALL", "--ignore", "OPS,PLC"], {"DET002", "DET006"}),
        (["--select", "DET", "--ignore", "DET002"], {"DET006"}),
        (["--select", "DET002", "--ignore", "DET"], {"DET002"}),
        (["--select", " DET002 , ,DET006,"], {"DET002", "DET006"}),
        (["--select", "QNT"], set()),
    ],
)
def test_selection(words: list[str], expected: set[str], everything: dict[str, str], run: Any) -> None:
    assert set(codes(run, *words)) == expected


def test_ignore(everything: dict[str, str], run: Any) -> None:
    """A general rule does not speak up because the specific one that explains the cause is ignored."""
    assert codes(run, "--ignore", "PLC001") == {
        code: grade for code, grade in everything.items() if code != "PLC001"
    }


def test_severity(everything: dict[str, str], run: Any) -> None:
    assert codes(run, "--severity", "DET006=error")["DET006"] == "error"
    assert codes(run, "--severity", "DET006=error", "--severity", "DET=warning")["DET006"] == "error"
    assert codes(run, "--severity", "quantized-detections=info,PLC=info")["PLC001"] == "info"
    assert run("lint", "--severity", "ALL=info").code == 0
    assert run("lint", "--severity", "DET006=error", "--select", "DET006").code == 1


def test_several_reports_at_once(everything: dict[str, str], run: Any, folder: Path) -> None:
    done = run(
        "lint",
        "--format",
        "concise",
        "--format",
        "json",
        "--output",
        "a.json",
        "--format",
        "sarif",
        "-o",
        "b.sarif",
    )
    assert done.code == 1
    assert done.out.startswith("./ssd_user_settings.tflite:subgraph[0].op[")
    assert json.loads((folder / "a.json").read_text())["summary"]["exit_code"] == 1
    assert json.loads((folder / "b.sarif").read_text())["version"] == "2.1.0"


@pytest.mark.parametrize("format", ["full", "concise", "json", "sarif", "github", "junit"])
def test_output_is_what_would_be_printed(
    format: str, everything: dict[str, str], run: Any, folder: Path
) -> None:
    printed = run("lint", "--format", format)
    written = run("lint", "--format", format, "--output", "report")
    assert written.out == ""
    assert (folder / "report").read_text("utf-8") == printed.out
    assert written.code == printed.code


def test_output_follows_a_link(everything: dict[str, str], run: Any, folder: Path) -> None:
    (folder / "real").write_text("old")
    (folder / "link").symlink_to("real")
    run("lint", "--format", "json", "--output", "link")
    assert (folder / "link").is_symlink()
    assert json.loads((folder / "real").read_text())["schema_version"] == 1


def test_statistics(copy: Copy, run: Any) -> None:
    copy(MODEL, "a")
    copy(MODEL, "b")
    lines = run("lint", "--format", "concise", "--statistics").out.splitlines()
    assert "     2  PLC001  early-partition-break (2 files)" in lines
    rules = json.loads(run("lint", "--format", "json").out)["summary"]["rules"]
    assert {"code": "PLC001", "name": "early-partition-break", "findings": 2, "files": 2} in rules


def test_statistics_for_people(copy: Copy, run: Any) -> None:
    copy(MODEL)
    plain, counted = run("lint").out, run("lint", "--statistics").out
    assert "1  PLC001  early-partition-break (1 file)" in counted
    assert "(1 file)" not in plain


@pytest.mark.parametrize("format", ["full", "concise", "json", "sarif", "github", "junit"])
def test_jobs_change_nothing(format: str, copy: Copy, folder: Path, run: Any) -> None:
    for fixture in (MODEL, "flex", "classifier_int8", "lstm"):
        copy(fixture)
    (folder / "broken.tflite").write_bytes(b"\0" * 50)
    (folder / "tflint-edgetpu.toml").write_text(
        '[[ignore]]\ncode = "PLC"\npath = "flex.tflite"\nreason = "known"\n'
        '[[ignore]]\ncode = "QNT"\nreason = "stale"\n'
    )
    alone = run("lint", ".", "--format", format)
    assert run("lint", ".", "--format", format, "--jobs", "2") == alone
    assert run("lint", ".", "--format", format, "--jobs", "0") == alone
    assert alone.code == 2


def test_settings_that_cannot_be_used_are_one_line_from_a_process_too(
    copy: Copy, folder: Path, run: Any
) -> None:
    copy(MODEL, "a/one")
    copy(MODEL, "b/two")
    (folder / "b" / "tflint-edgetpu.toml").write_text("selct = 1")
    alone = run("lint", ".")
    assert alone.code == 2 and "did you mean 'select'?" in alone.err
    assert run("lint", ".", "--jobs", "2") == alone


def test_a_folder_stands_for_models_and_logs(copy: Copy, folder: Path, run: Any) -> None:
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    for name in ("a", "deep/er/b", "ignored/c", "d.UPPER"):
        copy("classifier_int8", name)
    (folder / "note.txt").write_text("Edge TPU Compiler version 16.0.384591198\n")
    (folder / "a_edgetpu.log").write_text("Edge TPU Compiler version 16.0.384591198\n")
    (folder / ".gitignore").write_text("ignored/\n")

    def paths(*words: str) -> list[str]:
        return [file["path"] for file in json.loads(run("lint", "--format", "json", *words).out)["files"]]

    assert paths(".") == ["./a.tflite", "./a_edgetpu.log", "./d.UPPER.tflite", "./deep/er/b.tflite"]
    assert paths() == paths(".")
    assert paths("deep", "deep/er/b.tflite") == ["deep/er/b.tflite"]
    assert paths("ignored/c.tflite") == ["ignored/c.tflite"]  # named, whatever git thinks
    assert paths("**/*.tflite") == ["a.tflite", "d.UPPER.tflite", "deep/er/b.tflite", "ignored/c.tflite"]
    assert paths("note.txt") == ["note.txt"]


def test_brackets_in_a_name_are_no_pattern(copy: Copy, run: Any) -> None:
    copy("classifier_int8", "model[1]")
    assert run("lint", "model[1].tflite").code == 0


def test_colour_only_when_wanted(everything: dict[str, str], run: Any) -> None:
    assert "\x1b" not in run("lint").out
    assert "\x1b" in run("lint", "--color", "always").out
    assert "\x1b" not in run("lint", "--color", "never").out


def test_the_target_is_the_one_asked_for(copy: Copy, run: Any) -> None:
    copy("attention")
    placements = [
        json.loads(run("lint", "--format", "json", "--target-compiler", version).out)["files"][0]["placement"]
        for version in ("2.1", "16.0")
    ]
    assert placements[0] != placements[1]

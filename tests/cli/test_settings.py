"""Settings files as ``lint`` obeys them: the nearest one, ignores with a reason, budgets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Copy = Callable[..., Path]
MODEL = "ssd_user_settings"


def findings(run: Any, *words: str) -> list[dict[str, Any]]:
    files = json.loads(run("lint", ".", "--format", "json", *words).out)["files"]
    return [{**finding, "path": file["path"]} for file in files for finding in file["findings"]]


def codes(run: Any, *words: str) -> list[str]:
    return sorted(finding["code"] for finding in findings(run, *words))


@pytest.fixture
def settings(folder: Path) -> Callable[[str], int]:
    """Write a settings file beside the models."""
    return (folder / "tflint-edgetpu.toml").write_text


@pytest.mark.parametrize(
    ("name", "table"), [("tflint-edgetpu.toml", ""), ("pyproject.toml", "[tool.tflint-edgetpu]\n")]
)
def test_a_settings_file_is_obeyed(name: str, table: str, copy: Copy, folder: Path, run: Any) -> None:
    copy(MODEL)
    (folder / name).write_text(f'{table}select = ["DET006"]\nseverity = {{ DET = "error" }}\n')
    done = run("lint", "--format", "json")
    assert done.code == 1
    (finding,) = json.loads(done.out)["files"][0]["findings"]
    assert (finding["code"], finding["severity"]) == ("DET006", "error")


def test_options_beat_settings(copy: Copy, settings: Any, run: Any) -> None:
    copy(MODEL)
    settings('select = ["DET006"]\nfail-on = "never"\nseverity = { DET006 = "error" }\n')
    assert codes(run, "--select", "DET002") == ["DET002"]
    assert run("lint").code == 0
    assert run("lint", "--fail-on", "error").code == 1
    assert run("lint", "--fail-on", "error", "--severity", "DET006=info").code == 0


def test_the_nearest_file_counts_and_only_that(copy: Copy, folder: Path, run: Any) -> None:
    copy(MODEL, "outer")
    copy(MODEL, "a/b/inner")
    copy(MODEL, "c/other")
    (folder / "pyproject.toml").write_text('[tool.tflint-edgetpu]\nselect = ["PLC001"]\n')
    (folder / "a" / "tflint-edgetpu.toml").write_text('select = ["DET006"]\n')
    (folder / "c" / "pyproject.toml").write_text("[tool.other]\n")  # not about us: the one above counts
    found = {finding["path"]: finding["code"] for finding in findings(run)}
    assert found == {"./outer.tflite": "PLC001", "./a/b/inner.tflite": "DET006", "./c/other.tflite": "PLC001"}


def test_config_is_for_all_files(copy: Copy, folder: Path, run: Any) -> None:
    copy(MODEL, "outer")
    copy(MODEL, "a/inner")
    (folder / "a" / "tflint-edgetpu.toml").write_text('select = ["DET006"]\n')
    (folder / "mine.toml").write_text('select = ["DET002"]\n')
    assert codes(run, "--config", "mine.toml") == ["DET002", "DET002"]


def test_exclude(copy: Copy, settings: Any, run: Any) -> None:
    for name in ("a", "old/b", "old/keep"):
        copy(MODEL, name)
    settings('exclude = ["old/", "!old/keep.tflite"]\n')
    files = json.loads(run("lint", ".", "--format", "json").out)["files"]
    assert [file["path"] for file in files] == ["./a.tflite"]  # as in git: what a folder hides stays hidden
    assert len(json.loads(run("lint", "old/b.tflite", "--format", "json").out)["files"]) == 1


IGNORE = '[[ignore]]\ncode = "{code}"\nreason = "{reason}"\n'


def test_an_ignore_holds_findings_back_with_its_reason(copy: Copy, settings: Any, run: Any) -> None:
    copy(MODEL)
    before = codes(run)
    settings(IGNORE.format(code="quantized-detections", reason="clipping is fine here"))
    (file,) = json.loads(run("lint", ".", "--format", "json").out)["files"]
    assert sorted(finding["code"] for finding in file["findings"]) == [
        code for code in before if code != "DET002"
    ]
    (suppressed,) = file["suppressed"]
    assert suppressed["reason"] == "clipping is fine here"
    assert suppressed["finding"]["code"] == "DET002"


def test_an_ignore_for_a_path(copy: Copy, settings: Any, run: Any) -> None:
    copy(MODEL, "old/a")
    copy(MODEL, "new/a")
    settings('[[ignore]]\ncode = "ALL"\npath = "old/"\nreason = "frozen"\n')
    assert {finding["path"] for finding in findings(run)} == {"./new/a.tflite"}


def test_an_ignore_for_a_tensor(copy: Copy, settings: Any, run: Any) -> None:
    """Every place that a finding names must be covered."""
    copy(MODEL)
    (finding,) = (finding for finding in findings(run) if finding["code"] == "DET006")
    label = finding["locations"][0]["label"]
    name = label[label.index("'") + 1 : -1]
    settings(f'[[ignore]]\ncode = "DET006"\ntensor = "{name[:5]}*"\nreason = "ten are enough"\n')
    assert "DET006" not in codes(run)
    settings('[[ignore]]\ncode = "DET006"\ntensor = "another*"\nreason = "ten are enough"\n')
    assert "DET006" in codes(run)


def test_an_unused_ignore_is_reported_with_its_line(copy: Copy, settings: Any, run: Any) -> None:
    copy(MODEL)
    settings(
        "# ours\n\n" + IGNORE.format(code="DET006", reason="used") + IGNORE.format(code="QNT", reason="stale")
    )
    (unused,) = (finding for finding in findings(run) if finding["code"] == "TFL001")
    assert unused["path"] == "tflint-edgetpu.toml"
    assert unused["locations"][0]["line"] == 6
    assert unused["message"] == "the ignore of QNT (stale) covers no finding"
    assert "tflint-edgetpu.toml:6: warning TFL001" in run("lint", ".", "--format", "concise").out
    assert "file=tflint-edgetpu.toml,line=6," in run("lint", ".", "--format", "github").out


def test_a_run_over_single_files_proves_no_ignore_unused(copy: Copy, settings: Any, run: Any) -> None:
    copy(MODEL)
    settings(
        IGNORE.format(code="QNT", reason="stale")
        + '[[ignore]]\ncode = "VER"\npath = "else.tflite"\nreason = "x"\n'
    )
    assert "TFL001" not in run("lint", f"{MODEL}.tflite", "--format", "json").out


def test_selection_holds_for_unused_ignores(copy: Copy, settings: Any, run: Any) -> None:
    copy(MODEL)
    settings('select = ["DET006"]\n' + IGNORE.format(code="QNT", reason="stale"))
    assert codes(run) == ["DET006"]


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        (
            "min-operators-on-tpu = 0.99",
            "operators would run on the Edge TPU; the budget asks for 99% of them",
        ),
        ("min-operators-on-tpu = 1000", "the budget asks for 1,000"),
        ("min-macs-on-tpu = 0.9", "of the arithmetic would run on the Edge TPU; the budget asks for 90%"),
        ("max-subgraphs = 0", "1 Edge TPU subgraph; the budget allows 0"),
        ("max-runtime-version = 10", "the budget allows 10"),
        ("allowed-cpu-tail = []", "on the CPU that the budget does not allow there"),
        ("max-file-size = 1000", "bytes; the budget allows 1,000"),
    ],
)
def test_a_budget_that_is_not_kept(limit: str, message: str, copy: Copy, settings: Any, run: Any) -> None:
    copy(MODEL)
    settings(f'select = ["TFL002"]\n[budget]\n{limit}\n')
    done = run("lint", ".", "--format", "json")
    assert done.code == 1
    (finding,) = json.loads(done.out)["files"][0]["findings"]
    assert finding["code"] == "TFL002" and finding["severity"] == "error"
    assert message in finding["message"]
    assert finding["evidence"]["limit"] == limit.split(" ")[0]


@pytest.mark.parametrize(
    "limit",
    [
        "min-operators-on-tpu = 0.0",
        "min-operators-on-tpu = 1",
        "min-macs-on-tpu = 0.1",
        "max-subgraphs = 1",
        "max-runtime-version = 99",
        "max-streamed-bytes = 0",
        "max-file-size = 10000000",
    ],
)
def test_a_budget_that_is_kept(limit: str, copy: Copy, settings: Any, run: Any) -> None:
    copy(MODEL)
    settings(f'select = ["TFL002"]\n[budget]\n{limit}\n')
    assert run("lint", ".").code == 0


@pytest.mark.parametrize("fixture", ["grouped_convolution", "transpose_conv_relu", "flex"])
@pytest.mark.parametrize(
    "limit", ["min-operators-on-tpu = 1", "min-macs-on-tpu = 0.01", 'allowed-cpu-tail = ["SOFTMAX"]']
)
def test_nothing_of_a_file_that_the_compiler_refuses_counts(
    fixture: str, limit: str, copy: Copy, settings: Any, run: Any
) -> None:
    copy(fixture)
    settings(f'select = ["TFL002"]\n[budget]\n{limit}\nmax-subgraphs = 0\nmax-streamed-bytes = 0\n')
    (finding,) = findings(run)
    assert finding["evidence"]["limit"] == limit.split(" ")[0]
    if limit.startswith("min-operators"):
        assert finding["evidence"]["value"] == 0
        assert "on the Edge TPU because the compiler refuses the file as a whole;" in finding["message"]


def test_a_budget_holds_for_what_a_log_says(copy: Copy, settings: Any, folder: Path, run: Any) -> None:
    """Alone, and beside its model."""
    settings('select = ["TFL002"]\n[budget]\nmin-operators-on-tpu = 0.9\n')
    (folder / "job.log").write_text(
        "Edge TPU Compiler version 16.0.384591198\n\nModel compiled successfully in 20 ms.\n\n"
        "Number of operations that will run on Edge TPU: 30\nNumber of operations that will run on CPU: 10\n"
    )
    done = run("lint", "job.log", "--format", "concise")
    assert done.code == 1
    assert "30 of 40 operators run on the Edge TPU; the budget asks for 90% of them" in done.out
    copy("classifier_int8")
    assert run("lint", "classifier_int8.tflite").code == 0
    (folder / "failed.log").write_text(
        "Edge TPU Compiler version 16.0.384591198\nInternal compiler error. Aborting!\n"
    )
    done = run("lint", "classifier_int8.tflite", "--log", "failed.log", "--format", "concise")
    assert done.code == 1
    assert "0 of 11 operators run on the Edge TPU because the compiler failed;" in done.out


def test_allowed_cpu_tail_by_any_name(copy: Copy, settings: Any, run: Any) -> None:
    copy("ssd_float_outputs")
    placement = json.loads(run("lint", ".", "--format", "json").out)["files"][0]["placement"]
    labels = sorted({operator["op"] for operator in placement["operators"] if operator["on"] == "cpu"})
    assert "CUSTOM:TFLite_Detection_PostProcess" in labels
    for shortened in (labels, [label.rpartition(":")[2] for label in labels]):
        settings(f'select = ["TFL002"]\n[budget]\nallowed-cpu-tail = {json.dumps(shortened)}\n')
        assert codes(run) == []
    settings(f'select = ["TFL002"]\n[budget]\nallowed-cpu-tail = {json.dumps(labels[1:])}\n')
    assert codes(run) == ["TFL002"]


def test_a_budget_for_a_path_takes_the_place_of_the_general_one(copy: Copy, settings: Any, run: Any) -> None:
    copy(MODEL, "big/a")
    copy(MODEL, "b")
    settings(
        'select = ["TFL002"]\n'
        '[[budget]]\npath = "big/"\nmax-file-size = 10_000_000\n'
        "[[budget]]\nmax-file-size = 1000\nmax-subgraphs = 0\n"
    )
    assert sorted((finding["path"], finding["evidence"]["limit"]) for finding in findings(run)) == [
        ("./b.tflite", "max-file-size"),
        ("./b.tflite", "max-subgraphs"),
        ("./big/a.tflite", "max-subgraphs"),
    ]

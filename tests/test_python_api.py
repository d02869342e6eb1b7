"""The functions of ``import tflint_edgetpu``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import tflint_edgetpu
from tflint_edgetpu.lint.settings import SettingsError
from tflint_edgetpu.model import source
from tflint_edgetpu.model.errors import ReadError

FIXTURES = Path(__file__).parent.parent / "fixtures"
MODEL = FIXTURES / "leaky_relu.tflite"


def test_lint_takes_paths_and_bytes() -> None:
    by_path = tflint_edgetpu.lint(MODEL)
    assert by_path.exit_code == 1
    assert "OPS003" in {finding.code for finding in by_path.findings}
    in_memory = tflint_edgetpu.lint(MODEL.read_bytes())
    assert in_memory.findings == by_path.findings
    assert [file.path for file in in_memory.files] == ["<memory>"]


def test_lint_takes_the_options_of_the_command() -> None:
    report = tflint_edgetpu.lint(MODEL, select="OPS003", severity={"OPS003": "info"}, fail_on="warning")
    assert {(finding.code, finding.severity.word) for finding in report.findings} == {("OPS003", "info")}
    assert report.exit_code == 0
    assert tflint_edgetpu.lint(MODEL, ignore=["ALL"]).findings == ()
    for options in (
        {"select": "XYZ"},
        {"target_compiler": "17"},
        {"consumer": "nobody"},
        {"fail_on": "maybe"},
    ):
        with pytest.raises(SettingsError):
            tflint_edgetpu.lint(MODEL, **options)


def test_lint_takes_folders_and_several_processes(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.tflite").write_bytes(MODEL.read_bytes())
    one, many = tflint_edgetpu.lint(tmp_path), tflint_edgetpu.lint(tmp_path, jobs=2)
    assert [file.path for file in one.files] == [file.path for file in many.files]
    assert one.findings == many.findings and len(one.files) == 3


def test_what_cannot_be_read_is_part_of_the_report(tmp_path: Path) -> None:
    report = tflint_edgetpu.lint(tmp_path / "missing.tflite", tmp_path)
    assert [file.error is None for file in report.files] == [False, False]
    assert tflint_edgetpu.lint(b"not a model").files[0].kind == "unreadable"
    assert report.exit_code == 2


def test_place() -> None:
    placement = tflint_edgetpu.place(MODEL)
    assert placement.edgetpu + placement.cpu == len(placement.operators) > 1
    assert {placed.operator.kind for placed in placement.breakers} == {"LEAKY_RELU"}
    assert placement.memory.streamed == 0 and placement.compiles.verdict == "compiles"
    assert tflint_edgetpu.place(MODEL.read_bytes(), multiple_subgraphs=True).edgetpu > placement.edgetpu
    with pytest.raises(ReadError):
        tflint_edgetpu.place(b"not a model")
    with pytest.raises(SettingsError):
        tflint_edgetpu.place(MODEL, target_compiler="17")


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.tflite")), ids=lambda path: path.stem)
def test_a_placement_outlives_its_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tflint_edgetpu.place(path)
    monkeypatch.setattr(source, "READ_WHOLE_BELOW", 0)
    paged = tflint_edgetpu.place(path)
    assert (paged.compiles, paged.memory, paged.share) == (whole.compiles, whole.memory, whole.share)


def test_fix_and_verify() -> None:
    pytest.importorskip("ai_edge_litert")
    outcome = tflint_edgetpu.fix(FIXTURES / "classifier_int8_float_io.tflite")
    assert outcome.applied
    assert "IOB001" not in {finding.code for finding in tflint_edgetpu.lint(outcome.after).findings}
    comparison = tflint_edgetpu.verify(MODEL, MODEL)
    assert comparison.failure is None and not any(output.different for output in comparison.outputs)


def test_functions_stay_functions_whatever_is_imported() -> None:
    """Four of them share their names with packages."""
    code = (
        "import tflint_edgetpu.lint.plugins, tflint_edgetpu.verify, tflint_edgetpu.fix.edit\n"
        "import tflint_edgetpu.convert.source\n"
        "import tflint_edgetpu as t\nassert all(map(callable, (t.lint, t.verify, t.fix, t.place, t.convert)))\n"
        "from tflint_edgetpu.lint.plugins import Plugins"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_nothing_heavy_is_imported_by_importing_the_package() -> None:
    code = "import sys, tflint_edgetpu; print(*(m for m in sys.modules if m.startswith('tflint')))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert set(done.stdout.split()) == {
        "tflint_edgetpu", "tflint_edgetpu.version",
        "tflint_edgetpu.lint", "tflint_edgetpu.verify", "tflint_edgetpu.fix", "tflint_edgetpu.convert",
    }  # fmt: skip

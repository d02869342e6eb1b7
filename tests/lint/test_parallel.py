"""Several processes: what comes back when one of them cannot answer."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from pathlib import Path

import pytest

from tflint_edgetpu.lint import parallel
from tflint_edgetpu.lint.file_report import FileReport
from tflint_edgetpu.lint.linter import Linter
from tflint_edgetpu.lint.parallel import examine_in_processes, whole
from tflint_edgetpu.lint.plugins import Plugins

MODEL = Path(__file__).parents[2] / "fixtures" / "leaky_relu.tflite"

forked = pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork", reason="processes do not inherit what a test changes here"
)


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    return [shutil.copy(MODEL, str(tmp_path / f"{number}.tflite")) for number in range(4)]


@forked
def test_a_process_that_dies(paths: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    examine = Linter.examine

    def die(self: Linter, path: str) -> FileReport:
        if os.getpid() != here and path.endswith("2.tflite"):
            os._exit(9)
        return examine(self, path)

    monkeypatch.setattr(Linter, "examine", die)
    reports = list(examine_in_processes(Linter(Plugins()), paths, 2, whole))
    assert [report.path for report in reports] == paths
    assert reports[2].error is not None and "a worker process died" in reports[2].error


@forked
def test_what_cannot_travel_is_examined_here(paths: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    examine = Linter.examine

    def leave_something(self: Linter, path: str) -> FileReport:
        report = examine(self, path)
        if os.getpid() != here:
            report.contract = lambda: None  # type: ignore[assignment]
        return report

    monkeypatch.setattr(Linter, "examine", leave_something)
    reports = list(examine_in_processes(Linter(Plugins()), paths, 2, whole))
    assert [report.path for report in reports] == paths
    assert all(report.findings and report.contract is not None for report in reports)


def test_a_report_travels_whole(paths: list[str]) -> None:
    linter = Linter(Plugins())
    here = linter.examine(paths[0])
    there = next(iter(examine_in_processes(linter, paths[:1], 2, whole)))
    assert there.findings == here.findings
    assert there.settings == here.settings
    assert there.placement is not None and here.placement is not None
    assert there.placement.memory == here.placement.memory
    assert parallel._linter is None, "only worker processes hold one"

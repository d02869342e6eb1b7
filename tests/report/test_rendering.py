"""Reports that are written file by file, by whatever process examined the file."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import pytest

from tflint_edgetpu.report.rendering import Rendering
from tflint_edgetpu.report.report import Report
from tflint_edgetpu.report.reporter import BUILT_IN, BuiltInReporter, Output
from tflint_edgetpu.testing.reports import hostile_report, plugins, report_on, written

FIXTURES = Path(__file__).parents[2] / "fixtures"
NAMES = ("classifier_int8", "ssd_user_settings", "flex", "missing")


@pytest.fixture(scope="module")
def report() -> Report:
    return report_on(FIXTURES / f"{name}.tflite" for name in NAMES)


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_pieces_are_the_whole(name: str, report: Report) -> None:
    """The end is written of files whose models are gone."""
    reporter = BuiltInReporter(name)
    rendering: Rendering = pickle.loads(pickle.dumps(Rendering(((name, look_at_80(name)),), keep=False)))
    rendered = pickle.loads(pickle.dumps([rendering.render(file) for file in report.files]))
    texts = reporter.separator.join(text for _, (text,) in rendered)
    light = Report([file for file, _ in rendered], plugins())
    assert reporter.begin() + texts + reporter.end(light, look_at_80(name)) == written(report, name)


def look_at_80(name: str) -> object:
    return BuiltInReporter(name).look(Output(io.StringIO(), False, 80))


@pytest.mark.parametrize("keep", [False, True])
def test_models_are_kept_only_where_somebody_needs_them(keep: bool, report: Report) -> None:
    file, texts = Rendering((), keep).render(report.files[0])
    assert texts == ()
    assert (file.model is not None, file.placement is not None) == (keep, keep)
    assert (file.path, file.findings, file.kind) == tuple(
        getattr(report.files[0], name) for name in ("path", "findings", "kind")
    )


def test_without_a_model_a_file_counts_as_before() -> None:
    for file in hostile_report("x").files:
        light = file.without_model()
        assert (light.broken, light.failing, light.suppressed) == (file.broken, file.failing, file.suppressed)

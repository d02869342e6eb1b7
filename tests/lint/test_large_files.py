"""A file that is read page by page is closed when its report is written: nothing may need it any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_edgetpu.lint.examine import Examiner
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.settings import Settings
from tflint_edgetpu.model import source
from tflint_edgetpu.report.reporter import BUILT_IN
from tflint_edgetpu.testing.reports import report_on, written

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.tflite")), ids=lambda path: path.stem)
def test_every_report_is_that_of_a_small_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = {name: written(report_on([path]), name) for name in BUILT_IN}
    monkeypatch.setattr(source, "READ_WHOLE_BELOW", 0)
    assert {name: written(report_on([path]), name) for name in BUILT_IN} == small


def test_a_report_does_not_keep_the_bytes_of_its_file() -> None:
    """A thousand models of 4 MB would be 4 GB."""
    report = Examiner(Settings(), Plugins()).examine(str(FIXTURES / "classifier_int8.tflite"))
    assert report.model is not None
    assert isinstance(report.model.source, source.ClosedSource)

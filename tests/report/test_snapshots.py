"""How the reports look. Read the difference, then: pytest tests/report/test_snapshots.py --snapshot-update."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tflint_edgetpu.testing.reports import report_on, written

FIXTURES = Path(__file__).parents[2] / "fixtures"


class TextFile(SingleFileSnapshotExtension):
    """One readable file a snapshot."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.mark.parametrize(("name", "width"), [("full", 80), ("full", 140), ("concise", 80)])
def test_look(name: str, width: int, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FIXTURES)
    assert written(report_on(["ssd_user_settings.tflite"]), name, width) == snapshot(
        name=f"{name}-{width}", extension_class=TextFile
    )

"""GitHub annotations: one finding is one command, whatever its text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint_edgetpu.testing.reports import HOSTILE_TEXTS, hostile_report, report_on, written

FIXTURES = Path(__file__).parents[2] / "fixtures"

COMMAND = re.compile(r"::(?:error|warning|notice) file=[^:,]*,line=\d+,title=[^:,]*::.*")
text = st.text(st.characters(codec=None)) | st.sampled_from(HOSTILE_TEXTS)


@given(text)
def test_a_finding_is_one_line(hostile: str) -> None:
    report = hostile_report(hostile)
    *commands, totals = written(report, "github").split("\n")[:-1]
    problems = sum(len(file.failures) + (file.error is not None) for file in report.files)
    assert len(commands) == problems + sum(len(file.findings) for file in report.files)
    for line in commands:
        assert COMMAND.fullmatch(line), line
        assert line.isprintable()
    assert not totals.startswith("::")


def unescaped(data: str) -> str:
    """As the runner reads the data of a command."""
    return data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_per_cent_signs_come_back() -> None:
    line = written(hostile_report("100%0A"), "github").split("\n")[1]
    assert "'100%0A' is wrong: 100%0A\nCost: " in unescaped(line.split("::", 2)[2])


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.tflite")), ids=lambda path: path.stem)
def test_fixtures(path: Path) -> None:
    report = report_on([path])
    lines = written(report, "github").splitlines()
    assert len(lines) == len(report.files[0].findings) + 1
    assert all(COMMAND.fullmatch(line) for line in lines[:-1])

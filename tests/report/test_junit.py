"""JUnit XML: well formed whatever the names are, and the counts are right."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint_edgetpu.testing.reports import HOSTILE_TEXTS, hostile_report, report_on, written

FIXTURES = Path(__file__).parents[2] / "fixtures"
text = st.text(st.characters(codec=None)) | st.sampled_from(HOSTILE_TEXTS)


def parsed(document: str) -> ElementTree.Element:
    """The document; the counts of every suite are those of its cases."""
    root = ElementTree.fromstring(document.encode("utf-8"))
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases) > 0
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))
    for name in ("tests", "failures", "errors"):
        assert int(root.attrib[name]) == sum(int(suite.attrib[name]) for suite in root)
    return root


@given(text)
def test_well_formed_for_any_text(hostile: str) -> None:
    root = parsed(written(hostile_report(hostile), "junit"))
    assert root.attrib == {"name": "tflint-edgetpu", "tests": "3", "failures": "1", "errors": "2"}


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.tflite")), ids=lambda path: path.stem)
def test_fixtures(path: Path) -> None:
    report = report_on([path])
    root = parsed(written(report, "junit"))
    assert (int(root.attrib["failures"]) > 0) == (report.exit_code == 1)


def test_a_clean_file_is_one_case_that_passes() -> None:
    report = report_on([FIXTURES / "classifier_int8.tflite"])
    report.files[0].findings = ()
    (case,) = parsed(written(report, "junit")).iter("testcase")
    assert case.attrib["name"] == "no findings"
    assert list(case) == []

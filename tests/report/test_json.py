"""The JSON report and its published schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import tflint_edgetpu
from tflint_edgetpu.report.json_report import report_data
from tflint_edgetpu.testing.reports import HOSTILE_TEXTS, hostile_model, hostile_report, report_on, written

FIXTURES = Path(__file__).parents[2] / "fixtures"
SCHEMA = json.loads((Path(tflint_edgetpu.__file__).parent / "report" / "schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def check(text: str) -> dict[str, Any]:
    """The document, valid by the schema and strict JSON: no NaN, and ASCII so that nothing damages it."""
    assert text.isascii()
    document: dict[str, Any] = json.loads(
        text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON")
    )
    errors = [f"{error.json_path}: {error.message:.200}" for error in VALIDATOR.iter_errors(document)]
    assert errors == []
    return document


def objects_of(schema: Any) -> list[dict[str, Any]]:
    """Every object of the schema that lists its properties."""
    if isinstance(schema, list):
        return [found for entry in schema for found in objects_of(entry)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if isinstance(schema.get("properties"), dict) and "$ref" not in schema else []
    return own + [found for entry in schema.values() for found in objects_of(entry)]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_key_is_required() -> None:
    objects = objects_of(SCHEMA)
    assert len(objects) > 20
    for found in objects:
        assert found["required"] == list(found["properties"])
        assert found["additionalProperties"] is False


def test_every_definition_is_used() -> None:
    text = json.dumps(SCHEMA)
    assert [name for name in SCHEMA["$defs"] if f'"#/$defs/{name}"' not in text] == []


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.tflite")), ids=lambda path: path.stem)
def test_fixtures(path: Path) -> None:
    (file,) = check(written(report_on([path]), "json"))["files"]
    assert file["kind"] == "model"
    assert file["placement"]["edgetpu"] + file["placement"]["cpu"] == len(file["placement"]["operators"])


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty.tflite").write_bytes(b"")
    document = check(written(report_on([tmp_path / "empty.tflite", tmp_path / "missing.tflite"]), "json"))
    assert [file["kind"] for file in document["files"]] == ["unreadable", "unreadable"]
    assert document["summary"]["unreadable"] == 2
    assert document["summary"]["exit_code"] == 2


def test_one_line_a_file() -> None:
    paths = [FIXTURES / "classifier_int8.tflite", FIXTURES / "flex.tflite"]
    assert len(written(report_on(paths), "json").splitlines()) == 2 + len(paths)


def test_the_text_is_the_data() -> None:
    report = report_on([FIXTURES / "ssd_user_settings.tflite"])
    assert json.loads(written(report, "json")) == report_data(report)


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: ascii(text)[:20])
def test_hostile_text(text: str, tmp_path: Path) -> None:
    check(written(hostile_report(text), "json"))
    (tmp_path / "model.tflite").write_bytes(hostile_model(text))
    check(written(report_on([tmp_path / "model.tflite"]), "json"))


def test_names_come_through_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "model.tflite").write_bytes(hostile_model("two\nlines \x1b[31m"))
    (file,) = check(written(report_on([tmp_path / "model.tflite"]), "json"))["files"]
    assert file["model"]["inputs"][0]["name"] == "two\nlines \x1b[31m0"


@pytest.mark.parametrize("folder", ["pairs", "singles", "compiled"])
def test_the_corpus(shared: Path, folder: str) -> None:
    paths = sorted((shared / "corpus" / folder).rglob("*.tflite"))
    assert paths
    for path in paths:
        check(written(report_on([path]), "json"))


def test_real_logs(shared: Path) -> None:
    paths = sorted((shared / "logs").glob("*.txt"))
    assert paths
    document = check(written(report_on(paths), "json"))
    assert {file["kind"] for file in document["files"]} >= {"log"}

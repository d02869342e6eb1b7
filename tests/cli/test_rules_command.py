"""``rules`` and ``plugins``: what is loaded, in a table and as data."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tflint_edgetpu.lint.core_rules import CORE_RULES
from tflint_edgetpu.lint.plugins import Plugins

CODES = sorted([*(rule.meta.code for rule in CORE_RULES), *Plugins().rules])


def test_the_table_has_every_rule(run: Any) -> None:
    lines = run("rules").out.splitlines()
    assert [line.split()[0] for line in lines[: len(CODES)]] == CODES
    assert lines[-1].startswith(f"{len(CODES)} rules;")


def test_the_data_has_every_rule(run: Any) -> None:
    rules = json.loads(run("rules", "--format", "json").out)
    assert [rule["code"] for rule in rules] == CODES
    assert {len(rule) for rule in rules} == {9}
    for rule in rules:
        assert rule["summary"] and rule["severity"] in ("error", "warning", "info")


def test_fixable_ones(run: Any) -> None:
    rules = json.loads(run("rules", "--format", "json").out)
    fixable = json.loads(run("rules", "--format", "json", "--fixable").out)
    assert fixable == [rule for rule in rules if rule["fixable"]]
    assert 0 < len(fixable) < len(rules)


def test_plugins(run: Any) -> None:
    rows = json.loads(run("plugins", "--format", "json").out)
    assert {"io", "quantization", "operators", "detection"} <= {row["name"] for row in rows}
    assert sorted(code for row in rows for code in row["rules"]) == sorted(Plugins().rules)
    out = run("plugins").out
    for row in rows:
        assert row["name"] in out and row["file"] in out


def test_only_the_plugins_asked_for(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFLINT_EDGETPU_PLUGINS", "io")
    assert [row["name"] for row in json.loads(run("plugins", "--format", "json").out)] == ["io"]
    monkeypatch.setenv("TFLINT_EDGETPU_PLUGINS", "")
    assert run("plugins").code == 0
    assert json.loads(run("plugins", "--format", "json").out) == []

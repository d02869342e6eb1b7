"""The families operators and placement on real models whose compiled twin is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tflint_edgetpu.lint.context import Context
from tflint_edgetpu.lint.finding import Finding, Severity
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.run import run_rules
from tflint_edgetpu.model.reader import read_model

FAMILIES = ("OPS", "PLC")
RULES = Plugins().rules


@pytest.fixture(scope="module")
def results(shared: Path) -> dict[str, tuple[dict[str, Any], Context, list[Finding]]]:
    return dict(_results(shared / "corpus"))


def _results(corpus: Path) -> Iterator[tuple[str, tuple[dict[str, Any], Context, list[Finding]]]]:
    """The pairs that compiler 16.0 made for certain: its packages ask for runtime 14."""
    for file in sorted((corpus / "truth").glob("*.json")):
        truth = json.loads(file.read_text(encoding="utf-8"))
        if truth["confidence"] != "exact" or truth.get("min_runtime") != [14]:
            continue
        context = Context(read_model((corpus / "pairs" / file.stem / "model.tflite").read_bytes()))
        findings, failures = run_rules(context, RULES.values())
        assert not failures, [str(failure) for failure in failures]
        yield file.stem, (truth, context, [finding for finding in findings if finding.code[:3] in FAMILIES])


def test_a_model_with_only_a_cpu_tail_gets_infos(
    results: dict[str, tuple[dict[str, Any], Context, list[Finding]]],
) -> None:
    whole = 0
    for name, (truth, context, findings) in results.items():
        on_cpu = [op["index"] for op in truth["ops"] if op["mapped"] is False]
        ends = {operator.index for operator in context.placement.tail | context.placement.entry}
        if ends.issuperset(on_cpu):
            whole += 1
            assert all(finding.severity is Severity.INFO for finding in findings), f"{name}: {findings}"
    assert whole > 5


def test_the_detector_with_a_feature_pyramid(
    results: dict[str, tuple[dict[str, Any], Context, list[Finding]]],
) -> None:
    """A detector as TF2 Object Detection API exports it, with quantized detections."""
    _, context, findings = results["clsandoval_model"]
    by_code = {finding.code: finding for finding in findings}
    assert by_code.keys() == {"OPS010", "PLC001"}
    assert by_code["OPS010"].evidence["upsamplings"] == 2
    assert by_code["PLC001"].severity is Severity.ERROR
    repair = context.what_if.smallest
    assert {operator.index for operator in repair.operators} == {66, 67, 68, 72, 73, 74}
    rest = [placed for placed in context.placement.operators if placed.operator not in context.placement.tail]
    assert repair.mapped == len(rest)

"""No rule of any family calls an error what the real compiler mapped.

Judged on public models with their compiled twins (see the fixture ``shared``), and only where the twin
leaves no doubt about an operator (confidence ``exact``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tflint_edgetpu.edgetpu.support.registry import SupportTable
from tflint_edgetpu.lint.context import Context
from tflint_edgetpu.lint.finding import Finding, Location, Severity
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.run import run_rules
from tflint_edgetpu.model.graph import Operator
from tflint_edgetpu.model.reader import read_model

# Mapped once, by a build of the compiler that was never published; 16.0 refuses it.
NOT_JUDGED = frozenset(("TILE",))


class Judged(NamedTuple):
    name: str
    context: Context
    findings: list[Finding]
    mapped: dict[int, bool | None]  # operator index -> what the compiler did, None where it cannot be told

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]

    @property
    def is_fully_mapped(self) -> bool:
        return all(self.mapped.values())


@pytest.fixture(scope="module")
def judged(shared: Path) -> list[Judged]:
    corpus = shared / "corpus"
    plugins = Plugins()
    found = []
    for path in sorted((corpus / "truth").glob("*.json")):
        truth: dict[str, Any] = json.loads(path.read_text())
        if truth["confidence"] != "exact":
            continue
        model = read_model(corpus / "pairs" / path.stem / "model.tflite")
        context = Context(
            model,
            table=SupportTable(plugins.constraints),
            multiple_subgraphs=truth["edgetpu_custom_ops"] > 1,
        )
        findings, failures = run_rules(context, plugins.rules.values())
        assert not failures, f"{path.stem}: {[str(failure) for failure in failures]}"
        mapped = {operator["index"]: operator["mapped"] for operator in truth["ops"]}
        found.append(Judged(path.stem, context, findings, mapped))
    return found


def test_no_error_names_an_operator_that_the_compiler_mapped(judged: list[Judged]) -> None:
    wrong = [
        f"{model.name}: {finding.code} {finding.name} names {operator.ref} {operator.label}\n    {finding.message}"
        for model in judged
        for finding in model.errors
        for location in finding.locations
        for operator in _operators_at(location, model.context)
        if model.mapped[operator.index] and operator.kind not in NOT_JUDGED
    ]
    assert not wrong, "the compiler mapped these operators:\n" + "\n".join(wrong)


def test_fully_mapped_models_have_no_error(judged: list[Judged]) -> None:
    wrong = [
        f"{model.name}: {finding.code} {finding.name}\n    {finding.message}"
        for model in judged
        if model.is_fully_mapped
        for finding in model.errors
        if not any(operator.kind in NOT_JUDGED for operator in _named(finding, model.context))
    ]
    assert not wrong, "the compiler mapped every operator of these models:\n" + "\n".join(wrong)


def test_the_judgement_has_something_to_judge(judged: list[Judged]) -> None:
    """Guards the two tests above against a corpus or a linter that says nothing."""
    assert sum(model.is_fully_mapped for model in judged) >= 10
    assert sum(bool(state) for model in judged for state in model.mapped.values()) >= 1000
    assert any(model.errors for model in judged)


def _named(finding: Finding, context: Context) -> Iterator[Operator]:
    for location in finding.locations:
        yield from _operators_at(location, context)


def _operators_at(location: Location, context: Context) -> list[Operator]:
    """The operator of a location; for a tensor those that read it, or else the one that makes it."""
    main = context.model.main
    for operator in main.operators:
        if operator.ref == location.ref:
            return [operator]
    for tensor in main.tensors:
        if tensor.ref == location.ref:
            producer = context.dataflow.producer(tensor)
            return context.dataflow.consumers(tensor) or ([producer] if producer else [])
    return []

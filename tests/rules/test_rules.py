"""Every rule against its own cases, and the invariants no author has to remember."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from tflint_edgetpu.lint.context import Context
from tflint_edgetpu.lint.finding import Finding, Safety
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.rule import Rule
from tflint_edgetpu.lint.run import run_rules
from tflint_edgetpu.testing.cases import Case, collect

HERE = Path(__file__).parent
RULES = Plugins().rules
BY_FILE = {rule.__module__.rsplit(".", 1)[1]: (plugin, rule) for plugin, rule in RULES.values()}


def _cases() -> Iterator[tuple[str, Case]]:
    for file in sorted(HERE.glob("*/*/cases.py")):
        spec = importlib.util.spec_from_file_location(f"cases_{file.parent.name}", file)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for case in collect(module):
            yield file.parent.name, case


CASES = list(_cases())


def _run(case: Case) -> tuple[list[Finding], Context]:
    context = Context(case.builder().model(), consumer=case.consumer)
    findings, failures = run_rules(context, RULES.values())
    assert not failures, [str(failure) for failure in failures]
    return findings, context


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{rule}-{case.name}" for rule, case in CASES])
def test_case(rule: str, case: Case) -> None:
    assert rule in BY_FILE, f"no loaded rule stands in a file {rule}.py"
    code = BY_FILE[rule][1].meta.code
    findings, context = _run(case)
    own = [finding for finding in findings if finding.code == code]
    if not case.fails:
        assert not own, own[0].message
        return
    assert own, f"{code} says nothing; others: {[finding.code for finding in findings]}"
    if case.severity:
        assert {finding.severity.word for finding in own} == {case.severity}
    for finding in own:
        _check_finding(BY_FILE[rule][1], finding, context)


def _check_finding(rule: type[Rule], finding: Finding, context: Context) -> None:
    refs = {"model"} | {
        place.ref for graph in context.model.subgraphs for place in (graph, *graph.operators, *graph.tensors)
    }
    assert finding.severity <= rule.meta.severity, "meta.severity is the highest one a rule uses"
    assert finding.locations, "a finding without a place"
    for location in (*finding.locations, *finding.related):
        assert location.ref in refs, f"{location.ref} is no place of the model"
    assert finding.message and not finding.message.endswith("."), (
        "a message is one sentence without a full stop"
    )
    assert "{" not in finding.message, "an unfilled placeholder"
    assert len(finding.message) < 400
    if finding.fix is not None and finding.fix.safety is not Safety.MANUAL:
        assert rule.meta.fixable, "a fix that can be applied needs meta.fixable"


@pytest.mark.parametrize("code", RULES)
def test_rule_has_passing_and_failing_cases(code: str) -> None:
    file = RULES[code][1].__module__.rsplit(".", 1)[1]
    kinds = {case.fails for rule, case in CASES if rule == file}
    assert kinds == {True, False}, (
        f"{file}: write passing and failing cases in tests/rules/<family>/{file}/cases.py"
    )


@pytest.mark.parametrize("code", RULES)
def test_rule_is_named_and_documented(code: str) -> None:
    rule = RULES[code][1]
    family, file = rule.__module__.rsplit(".", 2)[-2:]
    assert file == f"{code.lower()}_{rule.meta.name.replace('-', '_')}"
    doc = rule.__doc__ or ""
    assert doc.strip().splitlines()[0].endswith("."), "the first line is a one-line summary"
    sections = [line.strip()[3:] for line in doc.splitlines() if line.strip().startswith("## ")]
    wanted = ["Why it matters", "How to fix"] + (["Fix safety"] if rule.meta.fixable else []) + ["References"]
    assert sections == wanted, f"sections of the docstring: {sections}, wanted {wanted}"
    assert rule.meta.references
    prefixes = {
        other.meta.code[:3] for _, other in RULES.values() if other.__module__.split(".")[-2] == family
    }
    assert len(prefixes) == 1, f"one prefix for a family, not {prefixes}"


def test_two_cases_never_have_equal_models() -> None:
    seen: dict[tuple[str, bytes], str] = {}
    for rule, case in CASES:
        key = rule, case.builder().build() + (case.consumer or "").encode()
        assert key not in seen, f"{rule}: {case.name} is the same model as {seen[key]}"
        seen[key] = case.name

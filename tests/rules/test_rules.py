"""Every rule against its own cases, and the invariants no author has to remember."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.testing import harness
from tflint_edgetpu.testing.cases import Case

PLUGINS = Plugins()
RULES = PLUGINS.rules
CASES = harness.find_cases(Path(__file__).parent)


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{rule}-{case.name}" for rule, case in CASES])
def test_case(rule: str, case: Case) -> None:
    harness.check_case(PLUGINS, rule, case)


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
    harness.check_documentation(rule)
    family = rule.__module__.split(".")[-2]
    prefixes = {
        other.meta.code[:3] for _, other in RULES.values() if other.__module__.split(".")[-2] == family
    }
    assert len(prefixes) == 1, f"one prefix for a family, not {prefixes}"


def test_two_cases_never_have_equal_models() -> None:
    seen: dict[tuple[str, bytes], str] = {}
    for rule, case in CASES:
        words = f"{case.consumer}{case.compiler}{case.log}{case.compiled}{case.path}{case.converter}"
        words += f"{case.script}{case.fails}"
        key = rule, case.builder().build() + words.encode()
        assert key not in seen, f"{rule}: {case.name} is the same model as {seen[key]}"
        seen[key] = case.name

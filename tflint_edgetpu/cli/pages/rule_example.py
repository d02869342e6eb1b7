"""The example on a rule's page: the first failing case of its tests, and what the rule says about it."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ...lint.finding import Finding
from ...lint.rule import Rule
from ...lint.run import run_rules
from ..main import UserError

TESTS = Path("tests/rules")
HEADING = "## References"


def with_example(page: str, rule: type[Rule], rules: Iterable[tuple[str, type[Rule]]]) -> str:
    """``page`` with the example in front of its references; ``rules`` are all that are loaded."""
    family, file = rule.__module__.split(".")[-2:]
    cases = TESTS / family / file / "cases.py"
    case = _first_failing(cases)
    finding = _finding(case, rule, rules)
    said = [f"{finding.severity.word} {finding.code} {finding.name}: {finding.message}"]
    said += [f"cost: {finding.cost}"] if finding.cost else []
    said += [f"fix: {finding.fix.title}"] if finding.fix else []
    source = inspect.getsource(case.fill).rstrip()
    example = (
        f"## Example\n\nThe first failing case in [`cases.py`](../../{cases.as_posix()}):\n\n"
        f"```python\n{source}\n```\n\n```text\n" + "\n".join(said) + "\n```\n\n"
    )
    before, heading, after = page.rpartition(HEADING)
    return before + example + heading + after


def _first_failing(file: Path) -> Any:
    """A ``tflint_edgetpu.testing.cases.Case``; the cases bring that package along, not this module."""
    spec = importlib.util.spec_from_file_location(f"example_{file.parent.name}", file)
    if spec is None or spec.loader is None or not file.is_file():
        raise UserError(f"{file} is missing: every rule has cases")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = (getattr(value, "tflint_case", None) for value in vars(module).values())
    case = next((case for case in found if case is not None and case.fails), None)
    if case is None:
        raise UserError(f"{file} has no failing case")
    return case


def _finding(case: Any, rule: type[Rule], rules: Iterable[tuple[str, type[Rule]]]) -> Finding:
    findings, _ = run_rules(case.context(), rules)
    own = next((finding for finding in findings if finding.code == rule.meta.code), None)
    if own is None:
        raise UserError(f"{rule.meta.code} says nothing about its failing case '{case.name}'")
    return own

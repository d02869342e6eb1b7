"""The rules of this plugin against their cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.testing import harness
from tflint_edgetpu.testing.cases import Case

PLUGINS = Plugins()
CASES = harness.find_cases(Path(__file__).parent)


@pytest.mark.parametrize(("file", "case"), CASES, ids=harness.case_id)
def test_case(file: str, case: Case) -> None:
    harness.check_case(PLUGINS, file, case)


@pytest.mark.parametrize("file", sorted({file for file, _ in CASES}))
def test_documentation(file: str) -> None:
    harness.check_documentation(harness.rule_of(PLUGINS, file))

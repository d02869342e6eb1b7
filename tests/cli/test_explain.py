"""``explain``: a rule, an operator or a status of the compiler, by any of its names."""

from __future__ import annotations

from typing import Any

import pytest

from tflint_edgetpu.edgetpu.support.constraint import Status
from tflint_edgetpu.edgetpu.support.operators import SUPPORTED
from tflint_edgetpu.lint.core_rules import CORE_RULES
from tflint_edgetpu.lint.plugins import Plugins

RULES = [*CORE_RULES, *(rule for _, rule in Plugins().rules.values())]
STATUSES = [value for name, value in vars(Status).items() if name.isupper()]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.meta.code)
def test_every_rule(rule: Any, run: Any) -> None:
    done = run("explain", rule.meta.code)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"# {rule.meta.code} {rule.meta.name}\n")
    assert "## How to fix" in done.out and "https://" in done.out
    assert run("explain", rule.meta.name).out == done.out
    assert run("explain", rule.meta.code.lower()).out == done.out


def test_a_former_code(run: Any) -> None:
    for rule in RULES:
        for former in rule.meta.formerly:
            assert run("explain", former).out.startswith(f"# {rule.meta.code} ")


@pytest.mark.parametrize("kind", sorted(SUPPORTED))
def test_every_supported_operator(kind: str, run: Any) -> None:
    done = run("explain", kind)
    assert done.code == 0
    assert kind in done.out.splitlines()[0]
    assert run("explain", kind.lower().replace("_", "-")).out == done.out


def test_an_operator_outside_the_table(run: Any) -> None:
    done = run("explain", "HARD_SWISH")
    assert done.code == 0 and "HARD_SWISH" in done.out


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_of_the_compiler(status: str, run: Any) -> None:
    """As one word of the shell and as several, since nobody quotes what he pastes."""
    done = run("explain", status)
    assert done.code == 0 and status in done.out
    assert run("explain", *status.split()).out == done.out


def test_an_unknown_word(run: Any) -> None:
    done = run("explain", "flot-input")
    assert (done.code, done.out) == (2, "")
    assert done.err == "tflint-edgetpu: nothing is called 'flot-input'; did you mean 'float-input'?\n"

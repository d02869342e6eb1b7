"""Fixes within rounding as candidates: taken where the float model shows no loss, told of where not."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tflint_edgetpu.convert.attempt import Attempt
from tflint_edgetpu.convert.choice import Candidate
from tflint_edgetpu.convert.recipe import Recipe
from tflint_edgetpu.convert.rounding import Held, Repaired, repair_within_rounding
from tflint_edgetpu.fix.repair import repair
from tflint_edgetpu.fix.session import Outcome
from tflint_edgetpu.lint.finding import Safety
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.verify.agreement import Agreement, OutputAgreement, Thresholds
from tflint_edgetpu.verify.numeric import CannotVerify

PLUGINS = Plugins()
HELD = Held(b"float", Path("samples.npz"), None, Thresholds())


def mend(data: bytes, level: Safety) -> Outcome:
    return repair(data, PLUGINS, level=level, samples=2)


def candidate(kind: str = "LEAKY_RELU") -> Candidate:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 3)))
    x = m.unary(kind, x, options="LeakyReluOptions", alpha=0.25) if kind == "LEAKY_RELU" else m.unary(kind, x)
    m.output(m.conv2d(x))
    data = m.build()
    return Candidate(Attempt(Recipe(), "", data, None, "", 0.0), mend(data, Safety.SAFE))


def agreement(decibels: float, *problems: str, failure: str | None = None) -> Agreement:
    output = OutputAgreement("y", decibels, 0.99, 1.0, None, True)
    return Agreement(32, (output,), (), failure, problems=problems)


def judged(monkeypatch: pytest.MonkeyPatch, before: Agreement, after: Agreement) -> Repaired:
    answers = iter((before, after))
    module = importlib.import_module("tflint_edgetpu.convert.rounding")
    monkeypatch.setattr(module, "agree", lambda *_: next(answers))
    return repair_within_rounding(candidate(), mend, HELD)


def test_taken_where_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    found = judged(monkeypatch, agreement(34.0), agreement(33.4))
    assert found.candidate is not None and found.note is None
    assert found.candidate.name == "integer, repaired"
    assert (
        found.candidate.repaired
        == "OPS003, outputs move by rounding: 33.4 dB against the float model, 34.0 dB without"
    )
    assert found.candidate.linted is not None and found.candidate.linted.placement.share == 1.0


def test_a_good_model_may_lose_more_than_a_poor_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(monkeypatch, agreement(35.6), agreement(32.2)).candidate is not None
    assert judged(monkeypatch, agreement(26.0), agreement(24.9)).candidate is None


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (agreement(27.5), "27.5 dB against the float model instead of 34.0 dB"),
        (agreement(34.0, "output 'y' loses its top-1"), "loses its top-1"),
        (agreement(34.0, failure="it does not run"), "it does not run"),
    ],
)
def test_not_taken_where_something_is_and_said_so(
    monkeypatch: pytest.MonkeyPatch, after: Agreement, why: str
) -> None:
    found = judged(monkeypatch, agreement(34.0), after)
    assert found.candidate is None and found.note is not None
    assert "OPS003" in found.note and "would map 100%" in found.note and why in found.note


def test_not_taken_on_trust() -> None:
    for held in (HELD._replace(reference=None), HELD._replace(samples=None)):
        found = repair_within_rounding(candidate(), mend, held)
        assert found.candidate is None and "without a float model" in (found.note or "")


def test_no_verdict_is_no_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Agreement:
        raise CannotVerify("the reference does not run")

    monkeypatch.setattr(importlib.import_module("tflint_edgetpu.convert.rounding"), "agree", fail)
    found = repair_within_rounding(candidate(), mend, HELD)
    assert found.candidate is None and "the reference does not run" in (found.note or "")


def test_nothing_to_do_where_all_maps() -> None:
    assert repair_within_rounding(candidate("RELU"), mend, HELD) == Repaired(None)

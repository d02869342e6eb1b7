"""A rule that is not imported would have found nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from tflint_edgetpu.lint.context import Context
from tflint_edgetpu.lint.deferred import DeferredRule, deferred_rules
from tflint_edgetpu.lint.finding import Certainty, Severity
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.rule import Rule, RuleMeta
from tflint_edgetpu.lint.run import run_rules
from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.model.schema import BUILTIN_OPERATORS, TENSOR_TYPES
from tflint_edgetpu.testing.builder import ModelBuilder

FIXTURES = Path(__file__).parents[2] / "fixtures"
PLUGINS = Plugins()
DEFERRED = [rule for _, rule in PLUGINS.listed.values() if isinstance(rule, DeferredRule)]
# Traits that are neither operators nor types, see Context.traits.
WORDS = {"compiled", "consumer", "converter", "cpu", "external", "float", "log", "script", "subgraphs"}


@pytest.mark.parametrize("rule", DEFERRED, ids=lambda rule: rule.code)
def test_the_file_says_what_the_rule_says(rule: DeferredRule) -> None:
    loaded = rule.load()
    assert (rule.code, rule.name) == (loaded.meta.code, loaded.meta.name)


@pytest.mark.parametrize("rule", DEFERRED, ids=lambda rule: rule.code)
def test_what_it_needs_exists(rule: DeferredRule) -> None:
    operators = {need for need in rule.needs if not need.startswith(("CUSTOM:", "metadata:"))}
    assert operators <= WORDS.union(BUILTIN_OPERATORS, TENSOR_TYPES)


def check(path: Path) -> None:
    """Whoever asks, importing everything finds nothing more."""
    try:
        model = read_model(path)
    except ReadError:
        return
    for consumer in (None, "frigate", "pycoral"):
        deferred, failures = run_rules(Context(model, consumer=consumer), PLUGINS.listed.values())
        everything, _ = run_rules(Context(model, consumer=consumer), PLUGINS.rules.values())
        assert not failures
        assert [finding[:5] for finding in deferred] == [finding[:5] for finding in everything]


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.tflite")), ids=lambda path: path.stem)
def test_fixtures(path: Path) -> None:
    check(path)


@pytest.mark.parametrize("folder", ["pairs", "singles", "compiled"])
def test_the_corpus(shared: Path, folder: str) -> None:
    paths = sorted((shared / "corpus" / folder).rglob("*.tflite"))
    assert paths
    for path in paths:
        check(path)


def test_traits() -> None:
    m = ModelBuilder()
    m.output(m.unary("LEAKY_RELU", m.conv2d(m.input((1, 8, 8, 3)))))
    traits = Context(m.model()).traits
    assert {"CONV_2D", "LEAKY_RELU", "INT8", "INT32", "cpu"} <= traits
    assert traits.isdisjoint(WORDS - {"cpu"})
    assert "consumer" in Context(m.model(), consumer="frigate").traits


def install(monkeypatch: pytest.MonkeyPatch, code: str) -> DeferredRule:
    """A module with a rule of ``code``, listed as ``min001_small``."""

    class Small(Rule):
        """Something small."""

        meta = RuleMeta(code, "small", Severity.INFO, Certainty.GUESS)

    module = ModuleType("outside.min001_small")
    Small.__module__ = module.__name__
    module.Small = Small  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return deferred_rules("outside", {"min001_small": "RELU TANH"})[0]


def test_one_need_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = install(monkeypatch, "MIN001")
    assert rule.concerns(frozenset(("TANH", "INT8")))
    assert not rule.concerns(frozenset(("INT8",)))
    assert rule.load().meta.code == "MIN001"


def test_a_file_without_its_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = install(monkeypatch, "MIN002")
    with pytest.raises(ImportError, match=r"there is no rule MIN001 in outside\.min001_small"):
        rule.load()


def test_a_rule_that_cannot_be_imported_costs_only_itself() -> None:
    m = ModelBuilder()
    m.output(m.unary("LEAKY_RELU", m.input((1, 8, 8, 3))))
    broken = DeferredRule("nowhere", "min001_small", frozenset())
    rules = [("some:plugin", broken), *PLUGINS.listed.values()]
    findings, failures = run_rules(Context(m.model()), rules)
    assert [failure.code for failure in failures] == ["MIN001"]
    assert "OPS003" in {finding.code for finding in findings}

"""What every rule has to hold, checked for ours and for those of outside plugins.

A test file of a plugin needs no more than this::

    import pytest
    from pathlib import Path
    from tflint_edgetpu.lint.plugins import Plugins
    from tflint_edgetpu.testing import harness

    PLUGINS = Plugins()
    CASES = harness.find_cases(Path(__file__).parent)

    @pytest.mark.parametrize(("file", "case"), CASES, ids=harness.case_id)
    def test_case(file, case):
        harness.check_case(PLUGINS, file, case)
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..lint.context import Context
from ..lint.deferred import DeferredRule
from ..lint.finding import Finding, Safety
from ..lint.plugins import Plugins
from ..lint.rule import Rule
from ..lint.run import run_rules
from .cases import Case, collect

if TYPE_CHECKING:
    from ..script.script import Script

LONGEST_MESSAGE = 400


def find_cases(folder: Path) -> list[tuple[str, Case]]:
    """``(name of the rule's file, case)`` of every ``<rule file>/cases.py`` below ``folder``."""
    return list(_cases(folder))


def _cases(folder: Path) -> Iterator[tuple[str, Case]]:
    for file in sorted(folder.glob("**/cases.py")):
        spec = importlib.util.spec_from_file_location(f"cases_{file.parent.name}", file)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for case in collect(module):
            yield file.parent.name, case


def case_id(value: object) -> str | None:
    """For pytest's ``ids``."""
    return value.name if isinstance(value, Case) else str(value)


def rule_of(plugins: Plugins, file: str) -> type[Rule]:
    """The loaded rule whose module is called ``file``."""
    for _, rule in plugins.rules.values():
        if rule.__module__.rsplit(".", 1)[-1] == file:
            return rule
    raise AssertionError(
        f"no loaded rule stands in a file {file}.py (installed the plugin? pip install -e .)"
    )


def findings_of(plugins: Plugins, case: Case) -> tuple[list[Finding], Context]:
    """What all rules say about the model of ``case``, imported only where they need to be, as ``lint`` does it;
    fails where one of them raises.
    """
    context = case.context()
    findings, failures = run_rules(context, plugins.listed.values())
    assert not failures, [str(failure) for failure in failures]
    return findings, context


def _needs(plugins: Plugins, rule: type[Rule], context: Context) -> str:
    """Why a rule was not even imported, where that is so."""
    listed = plugins.listed[rule.meta.code][1]
    if not isinstance(listed, DeferredRule) or listed.concerns(context.traits):
        return ""
    return f", because its plugin lists that it needs one of {', '.join(sorted(listed.needs))}"


def check_case(plugins: Plugins, file: str, case: Case) -> None:
    """A passing case gives no finding of its rule; a failing one gives findings that hold together."""
    rule = rule_of(plugins, file)
    findings, context = findings_of(plugins, case)
    own = [finding for finding in findings if finding.code == rule.meta.code]
    if not case.fails:
        assert not own, own[0].message
        return
    others = [finding.code for finding in findings]
    assert own, f"{rule.meta.code} says nothing{_needs(plugins, rule, context)}; others: {others}"
    if case.severity:
        assert {finding.severity.word for finding in own} == {case.severity}
    for finding in own:
        check_finding(rule, finding, context)
        if context.script is not None and finding.fix is not None and finding.fix.edits:
            check_script_edits(plugins, finding, context.script)


def check_finding(rule: type[Rule], finding: Finding, context: Context) -> None:
    """Places exist, the message is one filled-in sentence, the fix is declared."""
    refs = {"model"}
    for graph in context.model.subgraphs if context.has_model else ():
        refs.add(graph.ref)
        refs.update(operator.ref for operator in graph.operators)
        refs.update(tensor.ref for tensor in graph.tensors)
    assert finding.severity <= rule.meta.severity, "meta.severity is the highest one a rule uses"
    assert finding.locations, "a finding without a place"
    for location in (*finding.locations, *finding.related):
        if location.kind in ("source", "cell"):
            assert context.script is not None, "a place in a script, but there is none"
            assert location.line and location.anchor, "a place in a script has its line"
        elif location.kind == "log":
            assert context.log is not None or context.converter, "a place in a log, but there is none"
            assert location.line and location.ref == f"line {location.line}", "a place in a log has its line"
        else:
            assert location.ref in refs, f"{location.ref} is no place of the model"
    assert finding.message and not finding.message.endswith("."), (
        "a message is a sentence without a full stop"
    )
    assert "{" not in finding.message, "an unfilled placeholder"
    assert len(finding.message) < LONGEST_MESSAGE
    if finding.fix is not None and finding.fix.safety is not Safety.MANUAL:
        assert rule.meta.fixable, "a fix that can be applied needs meta.fixable"
        assert finding.fix.edits, "a fix that can be applied needs edits"


def check_script_edits(plugins: Plugins, finding: Finding, script: Script) -> None:
    """The edits of a fix leave code that parses, and in which the finding is gone."""
    from ..script.rewrite import rewrite
    from ..script.script import read_script

    assert finding.fix is not None
    after = rewrite(script.source, [edit.values for edit in finding.fix.edits], script.path)
    findings, failures = run_rules(
        Context(None, script=read_script(after, script.path)), plugins.listed.values()
    )
    assert not failures, [str(failure) for failure in failures]
    left = {(other.code, other.message) for other in findings}
    assert (finding.code, finding.message) not in left, "the finding is still there"


def check_documentation(rule: type[Rule]) -> None:
    """File, code and name agree; the docstring is a page with its sections."""
    file = rule.__module__.rsplit(".", 1)[-1]
    assert file == f"{rule.meta.code.lower()}_{rule.meta.name.replace('-', '_')}"
    doc = rule.__doc__ or ""
    assert doc.strip().splitlines()[0].endswith("."), "the first line is a one-line summary"
    sections = [line.strip()[3:] for line in doc.splitlines() if line.strip().startswith("## ")]
    wanted = ["Why it matters", "How to fix"] + (["Fix safety"] if rule.meta.fixable else []) + ["References"]
    assert sections == wanted, f"sections of the docstring: {sections}, wanted {wanted}"
    assert rule.meta.references

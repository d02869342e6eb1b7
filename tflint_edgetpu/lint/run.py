"""Run the rules over one file: specific rules first, then the general ones over what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..model.graph import Operator
from .context import Context
from .deferred import DeferredRule, ListedRule
from .finding import Finding, Severity, fingerprint
from .rule import Rule


class RuleFailure(Exception):
    """A rule raised. The findings of the others stand; the run ends with exit code 2."""

    def __init__(self, code: str, plugin: str, error: BaseException) -> None:
        self.code = code
        super().__init__(f"rule {code} of plugin {plugin} failed: {type(error).__name__}: {error}")


def run_rules(
    context: Context, rules: Iterable[tuple[str, ListedRule]]
) -> tuple[list[Finding], list[RuleFailure]]:
    """All findings of ``rules`` (pairs of plugin identity and rule), in order of severity, code and place.

    What a log or a compiled file shows is spoken of last, since the model may have explained it.
    """
    findings: list[Finding] = []
    failures: list[RuleFailure] = []
    pairs = _wanted(context, rules, failures)
    for check, chosen in (
        (_of_model, [pair for pair in pairs if not pair[1].general]),
        (_of_model, [pair for pair in pairs if pair[1].general]),
        (_of_evidence, pairs),
    ):
        explanations = []
        for plugin, rule in chosen:
            try:
                for finding in check(rule(), context):
                    if not isinstance(finding, Finding) or not finding.locations:
                        raise TypeError(f"it yielded {finding!r:.80} instead of a finding with a place")
                    findings.append(finding)
                    if rule.explains:
                        explanations.append(finding)
            except (Exception, SystemExit) as error:
                failures.append(RuleFailure(rule.meta.code, plugin, error))
        context.explain(
            _named_operators(context, explanations),
            gravely=any(finding.severity is Severity.ERROR for finding in findings),
        )
    return with_fingerprints(sorted(findings, key=_order)), failures


def _of_model(rule: Rule, context: Context) -> Iterator[Finding]:
    if not context.has_model or (context.is_compiled and not rule.on_compiled):
        return
    yield from rule.check_model(context)
    if type(rule).check_operator is not Rule.check_operator:
        for operator in context.operators(*rule.operators):
            yield from rule.check_operator(operator, context)


def _of_evidence(rule: Rule, context: Context) -> Iterator[Finding]:
    if context.log is not None:
        yield from rule.check_log(context.log, context)
    if context.compiled is not None:
        yield from rule.check_compiled(context.compiled, context)
    if context.converter:
        yield from rule.check_converter(context.converter, context)
    if context.script is not None:
        for finding in rule.check_script(context.script, context):
            # A test converts with random data, or wrongly, on purpose.
            noted = isinstance(finding, Finding) and context.script.is_test
            yield finding._replace(severity=min(finding.severity, Severity.INFO)) if noted else finding


def _named_operators(context: Context, findings: list[Finding]) -> Iterator[Operator]:
    by_ref = {operator.ref: operator for operator in context.operators()} if context.has_model else {}
    for finding in findings:
        for location in finding.locations:
            if location.ref in by_ref:
                yield by_ref[location.ref]


def _order(finding: Finding) -> tuple[int, str, int]:
    first = finding.locations[0]
    return -finding.severity, finding.code, first.position or first.line or 0


def _wanted(
    context: Context, rules: Iterable[tuple[str, ListedRule]], failures: list[RuleFailure]
) -> list[tuple[str, type[Rule]]]:
    """The rules that can find something in this file, imported."""
    wanted: list[tuple[str, type[Rule]]] = []
    for plugin, rule in rules:
        if not isinstance(rule, DeferredRule):
            wanted.append((plugin, rule))
        elif rule.concerns(context.traits) and (rule.needs or context.script is None):
            try:
                wanted.append((plugin, rule.load()))
            except (Exception, SystemExit) as error:
                failures.append(RuleFailure(rule.code, plugin, error))
    return wanted


def with_fingerprints(findings: list[Finding]) -> list[Finding]:
    """The findings with their fingerprints; two alike are told apart by their order."""
    seen: dict[tuple[str, str], int] = {}
    result = []
    for finding in findings:
        location = finding.locations[0]
        key = finding.code, location.anchor
        seen[key] = occurrence = seen.get(key, -1) + 1
        result.append(finding._replace(fingerprint=fingerprint(finding.code, location, occurrence)))
    return result

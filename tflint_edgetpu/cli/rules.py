"""List the rules of all loaded plugins, what grades they use, and which of them can be fixed."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from ..lint.core_rules import CORE_RULES, PLUGIN
from ..lint.plugins import Plugins
from ..lint.rule import Rule


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--format", choices=("full", "json"), default="full", help="(default: full)")
    parser.add_argument("--fixable", action="store_true", help="only those with a fix that can be applied")


def run(arguments: Namespace) -> int:
    """Print the table."""
    rules = [*((PLUGIN, rule) for rule in CORE_RULES), *Plugins().rules.values()]
    rules = [pair for pair in rules if pair[1].meta.fixable or not arguments.fixable]
    rules.sort(key=lambda pair: pair[1].meta.code)
    if arguments.format == "json":
        print(json.dumps([_data(plugin, rule) for plugin, rule in rules], indent=2))
        return 0
    width = max(len(rule.meta.name) for _, rule in rules)
    for _, rule in rules:
        meta = rule.meta
        fix = "fix" if meta.fixable else ""
        print(f"{meta.code}  {meta.name:<{width}}  {meta.severity.word:<7}  {fix:<3}  {summary(rule)}")
    print(f"\n{len(rules)} rules; 'tflint-edgetpu explain CODE' tells more of one")
    return 0


def summary(rule: type[Rule]) -> str:
    """The first line of a rule's page."""
    return (rule.__doc__ or "").strip().splitlines()[0]


def _data(plugin: str, rule: type[Rule]) -> dict[str, object]:
    meta = rule.meta
    return {
        "code": meta.code,
        "name": meta.name,
        "plugin": plugin,
        "severity": meta.severity.word,
        "certainty": meta.certainty.value,
        "fixable": meta.fixable,
        "summary": summary(rule),
        "references": list(meta.references),
        "formerly": list(meta.formerly),
    }

"""Explain a rule (by code or name), an operator of TensorFlow Lite, or a status of the compiler, offline."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..lint.core_rules import CORE_RULES, PLUGIN
from ..lint.plugins import Plugins
from ..lint.rule import Rule
from ..model.schema import BUILTIN_OPERATORS
from .main import UserError


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("words", nargs="+", metavar="WORD", help="QNT001, float-input, CONV_2D, a status ...")


def run(arguments: Namespace) -> int:
    """Print the page; raises UserError where nothing is called so."""
    from ..report.text import printable

    word = " ".join(arguments.words)
    for find in (_rule, _operator, _status):
        page = find(word)
        if page is not None:
            print(printable_page(page))
            return 0
    from ..lint.suggest import did_you_mean

    known = [*(code for code, _ in _rules()), *(rule.meta.name for _, rule in _rules()), *BUILTIN_OPERATORS]
    raise UserError(f"nothing is called '{printable(word)}'{did_you_mean(word, known)}")


def printable_page(page: str) -> str:
    """The page without anything a terminal acts on; plugins write it."""
    from ..report.text import printable

    return "\n".join(printable(line) for line in page.rstrip().splitlines())


def _rules() -> list[tuple[str, type[Rule]]]:
    rules = Plugins().rules
    return [
        *((rule.meta.code, rule) for rule in CORE_RULES),
        *((code, rule) for code, (_, rule) in rules.items()),
    ]


def _rule(word: str) -> str | None:
    from ..report.rule_page import rule_page

    every = [(PLUGIN, rule) for rule in CORE_RULES] + list(Plugins().rules.values())
    for _, rule in every:
        meta = rule.meta
        if word.lower() in (meta.code.lower(), meta.name, *(former.lower() for former in meta.formerly)):
            return rule_page(rule)
    return None


def _operator(word: str) -> str | None:
    from ..edgetpu.support.document import operator_page

    kind = word.upper().replace("-", "_")
    return operator_page(kind) if kind in BUILTIN_OPERATORS else None


def _status(word: str) -> str | None:
    from ..report.status_page import status_page

    return status_page(word)

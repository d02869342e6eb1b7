"""Finding, loading and checking plugins: ours exactly as anyone's.

pluggy's own entry-point loader lets a second distribution with the same entry-point name replace the first without
a word, dies of one broken plugin and ignores a misspelled hook. A linter that lost its rules that way
passes everything, so each of these is an error here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any

from ..edgetpu.support.constraint import Constraint
from .core_rules import CORE_RULES
from .core_rules import PLUGIN as CORE
from .deferred import DeferredRule, ListedRule
from .entry_points import EntryPoint, find_entry_points
from .hooks import Hook, implementations
from .rule import Rule, RuleMeta


class PluginError(Exception):
    """A plugin cannot be used; the text names it and says why."""


class Plugins:
    """The loaded plugins and what they offer. Pickled, they are found and loaded anew."""

    def __reduce__(self) -> tuple[type[Plugins], tuple[list[EntryPoint]]]:
        return Plugins, (self.entry_points,)

    def __init__(self, entry_points: Iterable[EntryPoint] | None = None) -> None:
        self.entry_points = list(find_entry_points() if entry_points is None else entry_points)
        wanted = os.environ.get("TFLINT_EDGETPU_PLUGINS")
        if wanted is not None:
            names = {name.strip() for name in wanted.split(",") if name.strip()}
            self.entry_points = [e for e in self.entry_points if {e.name, e.identity, e.distribution} & names]
        self._hooks = [
            (entry.identity, self._load(entry))
            for entry in sorted(self.entry_points, key=lambda entry: entry.identity)
        ]
        self._meanings: dict[str, tuple[str, str]] = {}  # code or name -> (plugin identity, code)
        self.listed = self._list_rules()

    def _load(self, entry: EntryPoint) -> Mapping[str, Hook]:
        module, _, attribute = entry.module.partition(":")
        who = f"plugin '{entry.name}' of {entry.distribution} {entry.version}"
        try:
            plugin: Any = import_module(module)
            for part in filter(None, attribute.split(".")):
                plugin = getattr(plugin, part)
        except (Exception, SystemExit) as error:  # sys.exit(0) would pass for a clean run
            raise PluginError(f"{who} cannot be loaded: {type(error).__name__}: {error}") from error
        try:
            return implementations(plugin, entry.identity)
        except ValueError as error:
            raise PluginError(f"{who} does not fit the hooks: {error}") from error

    def _call(self, hook: str) -> list[tuple[str, Any]]:
        """``(plugin identity, item)`` of everything the plugins return, in order of identity."""
        items: list[tuple[str, Any]] = []
        for identity, hooks in self._hooks:
            if hook not in hooks:
                continue
            try:
                items.extend((identity, item) for item in hooks[hook]())
            except (Exception, SystemExit) as error:
                raise PluginError(
                    f"plugin {identity} failed in {hook}: {type(error).__name__}: {error}"
                ) from error
        return items

    def _list_rules(self) -> dict[str, tuple[str, ListedRule]]:
        """Code -> (plugin identity, rule), by code; those of the core are not in it.

        Codes and names are unique, those of the core included: else a selection would mean one rule and hide
        the other. Former codes are compared when all rules are imported.
        """
        listed: dict[str, tuple[str, ListedRule]] = {}
        for rule in CORE_RULES:
            self._claim(CORE, (rule.meta.code, rule.meta.name))
        for identity, rule in self._call("tflint_rules"):
            if not _is_rule(rule):
                raise PluginError(
                    f"plugin {identity} gave {rule!r:.80} for a rule; it must be a class of Rule"
                )
            code, name = called(rule)
            if code in listed:
                raise PluginError(
                    f"two rules have the code {code}: one of {listed[code][0]}, one of {identity}"
                )
            self._claim(identity, (code, name))
            listed[code] = identity, rule
        return dict(sorted(listed.items()))

    def _claim(self, identity: str, words: tuple[str, ...]) -> None:
        """Note that ``words``, a code first, mean a rule of ``identity``."""
        for word in words:
            owner, code = self._meanings.setdefault(word.lower(), (identity, words[0]))
            if (owner, code) != (identity, words[0]):
                what = "code" if word.isupper() else "name"
                raise PluginError(f"two rules have the {what} {word}: one of {owner}, one of {identity}")

    @cached_property
    def rules(self) -> dict[str, tuple[str, type[Rule]]]:
        """All rules, imported: code -> (plugin identity, rule). Raises PluginError where one cannot be."""
        rules = {code: (identity, _load(identity, rule)) for code, (identity, rule) in self.listed.items()}
        for identity, rule in rules.values():
            self._claim(identity, (rule.meta.code, *rule.meta.formerly))
        return rules

    def rule(self, code: str) -> type[Rule]:
        """One rule of a plugin, imported."""
        return _load(*self.listed[code])

    @property
    def codes(self) -> frozenset[str]:
        """Of all rules, those of the core included."""
        return frozenset(code for _, code in self._meanings.values())

    @property
    def words(self) -> frozenset[str]:
        """What a rule can be called, in lower case: codes, names, and former ones once they are known."""
        return frozenset(self._meanings)

    def code_of(self, word: str) -> str | None:
        """The code of the rule that is or was called ``word``, a code or a name in any case."""
        if word.lower() not in self._meanings:
            self.rules  # noqa: B018  # former codes stand in the rules themselves
        meaning = self._meanings.get(word.lower())
        return None if meaning is None else meaning[1]

    @property
    def constraints(self) -> list[Constraint]:
        return [constraint for _, constraint in self._call("tflint_constraints")]

    @property
    def reporters(self) -> list[Any]:
        return [reporter for _, reporter in self._call("tflint_reporters")]

    @property
    def fixers(self) -> list[Any]:
        return [fixer for _, fixer in self._call("tflint_fixers")]


def called(rule: ListedRule) -> tuple[str, str]:
    """Code and name of a rule, imported or not."""
    return (rule.code, rule.name) if isinstance(rule, DeferredRule) else (rule.meta.code, rule.meta.name)


def _is_rule(rule: Any) -> bool:
    if isinstance(rule, DeferredRule):
        return True
    return (
        isinstance(rule, type)
        and issubclass(rule, Rule)
        and isinstance(getattr(rule, "meta", None), RuleMeta)
    )


def _load(identity: str, rule: ListedRule) -> type[Rule]:
    if not isinstance(rule, DeferredRule):
        return rule
    try:
        return rule.load()
    except (Exception, SystemExit) as error:
        raise PluginError(
            f"plugin {identity}: {rule.file} cannot be loaded: {type(error).__name__}: {error}"
        ) from error

"""Finding, loading and checking plugins: ours exactly as anyone's.

pluggy's own loader lets a second distribution with the same entry-point name replace the first without
a word, dies of one broken plugin and ignores a misspelled hook. A linter that lost its rules that way
passes everything, so each of these is an error here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import pluggy

from ..edgetpu.support.constraint import Constraint
from . import hookspecs
from .core_rules import CORE_RULES
from .core_rules import PLUGIN as CORE
from .entry_points import EntryPoint, find_entry_points
from .rule import Rule


class PluginError(Exception):
    """A plugin cannot be used; the text names it and says why."""


class Plugins:
    """The loaded plugins and what they offer. Pickled, they are found and loaded anew."""

    def __reduce__(self) -> tuple[type[Plugins], tuple[list[EntryPoint]]]:
        return Plugins, (self.entry_points,)

    def __init__(self, entry_points: Iterable[EntryPoint] | None = None) -> None:
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self.entry_points = list(find_entry_points() if entry_points is None else entry_points)
        wanted = os.environ.get("TFLINT_EDGETPU_PLUGINS")
        if wanted is not None:
            names = {name.strip() for name in wanted.split(",") if name.strip()}
            self.entry_points = [e for e in self.entry_points if {e.name, e.identity, e.distribution} & names]
        for entry in self.entry_points:
            self._load(entry)
        self.rules = self._collect_rules()

    def _load(self, entry: EntryPoint) -> None:
        module, _, attribute = entry.module.partition(":")
        try:
            plugin: Any = import_module(module)
            for part in filter(None, attribute.split(".")):
                plugin = getattr(plugin, part)
        except (Exception, SystemExit) as error:  # sys.exit(0) would pass for a clean run
            raise PluginError(
                f"plugin '{entry.name}' of {entry.distribution} {entry.version} cannot be loaded: "
                f"{type(error).__name__}: {error}"
            ) from error
        try:
            self._manager.register(plugin, entry.identity)
            self._manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            raise PluginError(
                f"plugin '{entry.name}' of {entry.distribution} {entry.version} does not fit the hooks: {error}"
            ) from error

    def _call(self, hook: str) -> list[tuple[str, Any]]:
        """``(plugin identity, item)`` of everything the plugins return, in order of identity."""
        items: list[tuple[str, Any]] = []
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        for implementation in sorted(implementations, key=lambda found: str(found.plugin_name)):
            try:
                items.extend((implementation.plugin_name, item) for item in implementation.function())
            except (Exception, SystemExit) as error:
                raise PluginError(
                    f"plugin {implementation.plugin_name} failed in {hook}: {type(error).__name__}: {error}"
                ) from error
        return items

    def _collect_rules(self) -> dict[str, tuple[str, type[Rule]]]:
        """Code -> (plugin identity, rule).

        Codes, former codes and names are unique, those of the core included: else a selection would mean
        one rule and hide the other.
        """
        rules: dict[str, tuple[str, type[Rule]]] = {}
        owners: dict[str, str] = {}
        for core in CORE_RULES:
            owners.update(dict.fromkeys(_words(core), CORE))
        for identity, rule in self._call("tflint_rules"):
            if not isinstance(rule, type) or not issubclass(rule, Rule):
                raise PluginError(f"plugin {identity} gave {rule!r:.80} for a rule; it must be a class of Rule")
            for word in _words(rule):
                if word in owners:
                    what = "name" if word == rule.meta.name else "code"
                    raise PluginError(
                        f"two rules have the {what} {word}: one of {owners[word]}, one of {identity}"
                    )
            owners.update(dict.fromkeys(_words(rule), identity))
            rules[rule.meta.code] = identity, rule
        return dict(sorted(rules.items()))

    @property
    def constraints(self) -> list[Constraint]:
        return [constraint for _, constraint in self._call("tflint_constraints")]

    @property
    def reporters(self) -> list[Any]:
        return [reporter for _, reporter in self._call("tflint_reporters")]

    @property
    def fixers(self) -> list[Any]:
        return [fixer for _, fixer in self._call("tflint_fixers")]


def _words(rule: type[Rule]) -> tuple[str, ...]:
    """What a rule is called: its code, its name, its former codes."""
    return (rule.meta.code, rule.meta.name, *rule.meta.formerly)

"""Hooks seen through without pluggy are those that pluggy finds."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

import pluggy
import pytest

from tflint_edgetpu.lint import hooks, hookspecs
from tflint_edgetpu.lint.entry_points import GROUP, find_entry_points


def plugin(source: str) -> ModuleType:
    module = ModuleType("some_plugin")
    exec("from tflint_edgetpu.api import hookimpl\n" + source, vars(module))
    return module


def test_the_hooks_are_the_specified_ones() -> None:
    assert {name for name in dir(hookspecs) if name.startswith("tflint_")} == set(hooks.HOOKS)


def test_the_mark_is_pluggys() -> None:
    def tflint_rules() -> list[Any]:
        return []

    def other() -> list[Any]:
        return []

    ours = hooks.hookimpl(tflint_rules)
    theirs: Any = pluggy.HookimplMarker(GROUP)(other)
    assert vars(ours) == vars(theirs)


@pytest.mark.parametrize("entry", find_entry_points(), ids=lambda entry: entry.identity)
def test_pluggy_finds_the_same(entry: Any) -> None:
    module = import_module(entry.module)
    found = hooks._plain(module)
    assert found is not None, "a plain plugin must not need pluggy"
    assert found == hooks._by_pluggy(module, entry.identity) and found


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("@hookimpl\ndef tflint_rulez(): return []", "unknown hook 'tflint_rulez'"),
        ("@hookimpl\ndef tflint_rules(config): return []", "hookimpl definition"),
        ("def tflint_rules(): return []", "lacks its mark @hookimpl"),
        (
            "import pluggy\n@pluggy.HookimplMarker('tflint_edgetpu')(wrapper=True)\n"
            "def tflint_rules(): return (yield)",
            "wraps the hooks of others",
        ),
    ],
)
def test_what_does_not_fit(source: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        hooks.implementations(plugin(source), "some:plugin")


def test_options_of_the_mark_are_pluggys_business() -> None:
    module = plugin(
        "import pluggy\n@pluggy.HookimplMarker('tflint_edgetpu')(specname='tflint_rules', tryfirst=True)\n"
        "def anything(): return [1]"
    )
    assert hooks._plain(module) is None
    assert hooks.implementations(module, "some:plugin")["tflint_rules"]() == [1]


def test_a_plugin_may_be_an_object() -> None:
    class Plugin:
        @hooks.hookimpl
        def tflint_rules(self) -> list[int]:
            return [1]

    assert hooks.implementations(Plugin(), "some:plugin")["tflint_rules"]() == [1]


def test_a_plain_plugin_does_not_import_pluggy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pluggy", None)  # importing it now fails
    module = plugin("@hookimpl\ndef tflint_rules(): return [1]\ndef other(): pass")
    assert hooks.implementations(module, "some:plugin")["tflint_rules"]() == [1]

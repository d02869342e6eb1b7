"""Which hooks a plugin implements.

The plugin system is pluggy's: its mark on a function, its specifications (:mod:`.hookspecs`), its checks.  But
pluggy brings ``inspect``, and importing both takes as long as reading, placing and linting a model.  All our hooks
are functions without arguments that return a list, so a module that implements just that can be seen through
without pluggy; whatever is not that plain - an option of the mark, a misspelled hook, an argument - is handed to
pluggy, which knows or complains.  A test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import FunctionType, ModuleType
from typing import Any, TypeVar

from .entry_points import GROUP

HOOKS = ("tflint_rules", "tflint_constraints", "tflint_reporters", "tflint_fixers")

F = TypeVar("F", bound=Callable[..., Any])
Hook = Callable[[], Iterable[Any]]

# Where pluggy's HookimplMarker leaves its options, and the options of a plain mark.
_MARK = f"{GROUP}_impl"
_PLAIN = {
    "wrapper": False, "hookwrapper": False, "optionalhook": False, "tryfirst": False, "trylast": False,
    "specname": None,
}  # fmt: skip


def hookimpl(function: F) -> F:
    """Mark a function as the implementation of the hook it is named after, as ``pluggy.HookimplMarker`` does."""
    setattr(function, _MARK, dict(_PLAIN))
    return function


def implementations(plugin: Any, identity: str) -> Mapping[str, Hook]:
    """Hook -> function. Raises ValueError with pluggy's words for what does not fit the hooks."""
    found = _plain(plugin)
    return _by_pluggy(plugin, identity) if found is None else found


def _plain(plugin: Any) -> dict[str, Hook] | None:
    """The hooks of a plain module; ``None`` where pluggy has to look."""
    if not isinstance(plugin, ModuleType):
        return None
    found: dict[str, Hook] = {}
    for name, value in vars(plugin).items():
        if not isinstance(value, FunctionType):
            continue
        mark = value.__dict__.get(_MARK)
        if mark is None and name not in HOOKS:
            continue
        if mark != _PLAIN or name not in HOOKS or value.__code__.co_argcount:
            return None
        found[name] = value
    return found


def _by_pluggy(plugin: Any, identity: str) -> dict[str, Hook]:
    import pluggy

    from . import hookspecs

    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, identity)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise ValueError(str(error)) from error
    found: dict[str, Hook] = {}
    for hook in HOOKS:
        for implementation in getattr(manager.hook, hook).get_hookimpls():
            if implementation.wrapper or implementation.hookwrapper:
                raise ValueError(f"{hook} wraps the hooks of others, which nothing here is made for")
            found[hook] = implementation.function
        if hook not in found and callable(getattr(plugin, hook, None)):
            raise ValueError(f"{hook} lacks its mark @hookimpl, so that nobody would call it")
    return found

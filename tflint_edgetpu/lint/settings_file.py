"""Settings from ``tflint-edgetpu.toml`` or ``[tool.tflint-edgetpu]`` of a ``pyproject.toml``.

The nearest file above the linted one counts, and only that one.  A key that nobody knows is an error:
a linter that overlooks 'selct' checks something else than its user believes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from ..edgetpu.target import COMPILERS
from .finding import Severity
from .settings import Budget, Ignore, Settings, SettingsError

OWN_FILE = "tflint-edgetpu.toml"
SHARED_FILE = "pyproject.toml"
TABLE = "tflint-edgetpu"
_MARK = TABLE.encode()

CONSUMERS = ("pycoral", "frigate")
LEVELS = {"error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}
NEVER = "never"  # findings do not fail the run


def find_settings(folder: str) -> str | None:
    """The settings file that holds for ``folder``: its own or that of the nearest folder above it."""
    current = os.path.abspath(folder)
    while True:
        for name in (OWN_FILE, SHARED_FILE):
            path = os.path.join(current, name)
            if name == OWN_FILE:
                if os.path.isfile(path):
                    return path
            elif _mentions_us(path):
                return path
        above = os.path.dirname(current)
        if above == current:
            return None
        current = above


def _mentions_us(path: str) -> bool:
    """Whether a pyproject.toml has our table. Most have not, and parsing TOML costs more than linting."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return False
    return _MARK in data and _table(_parse(data, path), path) is not None


def read_settings(path: str) -> Settings:
    """The settings in ``path``; raises :class:`SettingsError` for whatever does not fit."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}") from error
    document = _parse(data, path)
    table = document if os.path.basename(path) != SHARED_FILE else _table(document, path)
    if table is None:
        raise SettingsError(f"{path}: there is no [tool.{TABLE}] in it")
    if set(table) == {"tool"} and isinstance(table["tool"], dict):  # written as in a pyproject.toml
        table = _table(table, path) or {}
    return _Reader(path, data).settings(table)


def _parse(data: bytes, path: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{path}: this is not TOML: {error}") from error


def _table(document: Mapping[str, Any], path: str) -> dict[str, Any] | None:
    tool = document.get("tool")
    table = tool.get(TABLE) if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{path}: tool.{TABLE} must be a table")
    return table


class _Reader:
    """Checks one table key by key."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data

    def settings(self, table: Mapping[str, Any]) -> Settings:
        known: dict[str, Callable[[str, Any], dict[str, Any]]] = {
            "select": lambda key, value: {"select": self._texts(key, value)},
            "ignore": self._ignore,
            "severity": self._severity,
            "fail-on": lambda key, value: {"fail_on": self._choice(key, value, {**LEVELS, NEVER: None})},
            "target-compiler": self._target,
            "min-runtime-version": self._runtime,
            "multiple-subgraphs": lambda key, value: {"multiple_subgraphs": self._boolean(key, value)},
            "consumer": lambda key, value: {"consumer": self._choice(key, value, dict.fromkeys(CONSUMERS))},
            "baseline": lambda key, value: {"baseline": self._file(key, value)},
            "exclude": lambda key, value: {"exclude": self._texts(key, value)},
            "budget": self._budget,
        }
        settings = Settings(file=self.path)
        self._known(table, known, "")
        for key, read in known.items():  # in this order: the runtime belongs to the target
            if key in table:
                found = read(key, table[key])
                if "runtime" in found:
                    found = {"target": settings.target._replace(runtime=found["runtime"])}
                settings = settings._replace(**found)
        return settings

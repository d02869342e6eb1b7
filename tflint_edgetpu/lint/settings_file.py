"""Settings from ``tflint-edgetpu.toml`` or ``[tool.tflint-edgetpu]`` of a ``pyproject.toml``.

The nearest file above the linted one counts, and only that one.  A key that nobody knows is an error:
a linter that overlooks 'selct' checks something else than its user believes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..edgetpu.target import COMPILERS
from .settings import CONSUMERS, LEVELS, NEVER, VERIFY_LIMITS, Budget, Ignore, Settings, SettingsError

OWN_FILE = "tflint-edgetpu.toml"
SHARED_FILE = "pyproject.toml"
TABLE = "tflint-edgetpu"
_MARK = TABLE.encode()


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
    return _may_have_table(data) and _table(_parse(data, path), path) is not None


def _may_have_table(data: bytes) -> bool:
    """False for a file that only names us otherwise, as a dependency or, like our own, as the project."""
    if _MARK not in data:
        return False
    for line in data.splitlines():
        text = line.translate(None, b" \t\"'[")
        if text.startswith((b"tool." + _MARK, b"tool=", _MARK + b".", _MARK + b"={")):
            return True
    return False


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
        document: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
        return document
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
            "exclude": lambda key, value: {
                "exclude": tuple(self._pattern(key, text) for text in self._texts(key, value))
            },
            "budget": self._budget,
            "verify": self._verify,
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

    def _known(self, table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
        """Every key must be known: what nobody reads, nobody obeys."""
        from .suggest import did_you_mean

        names = list(known)
        for key in table:
            if key not in names:
                raise SettingsError(
                    f"{self.path}: there is no setting '{where}{key}'{did_you_mean(str(key), names)}"
                )

    def _wrong(self, key: str, wanted: str, value: Any) -> SettingsError:
        return SettingsError(f"{self.path}: {key} must be {wanted}, not {value!r:.60}")

    def _texts(self, key: str, value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise self._wrong(key, "a list of texts", value)
        return tuple(value)

    def _text(self, key: str, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, "a text that is not empty", value)
        return value

    def _pattern(self, key: str, value: Any) -> str:
        import re

        from .patterns import Pattern

        text = self._text(key, value)
        try:
            Pattern(text)
        except re.error:
            raise self._wrong(key, "a pattern such as models/*.tflite", value) from None
        return text

    def _boolean(self, key: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false", value)
        return value

    def _choice(self, key: str, value: Any, choices: Mapping[str, Any]) -> Any:
        """The value that a word stands for; the word itself where that is None and no level."""
        from .suggest import did_you_mean

        if not isinstance(value, str) or value not in choices:
            hint = did_you_mean(value, choices) if isinstance(value, str) else ""
            raise SettingsError(
                f"{self.path}: {key} must be one of {', '.join(choices)}, not {value!r:.60}{hint}"
            )
        return value if choices[value] is None and value != NEVER else choices[value]

    def _file(self, key: str, value: Any) -> str:
        """A path, relative to the settings file."""
        return os.path.join(os.path.dirname(os.path.abspath(self.path)), self._text(key, value))

    def _target(self, key: str, value: Any) -> dict[str, Any]:
        return {"target": self._choice(key, value, COMPILERS)}

    def _runtime(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._wrong(key, "a runtime version such as 13", value)
        return {"runtime": value}

    def _severity(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._wrong(key, 'a table such as { IOB001 = "info" }', value)
        return {
            "severity": {code: self._choice(f"{key}.{code}", level, LEVELS) for code, level in value.items()}
        }

    def _ignore(self, key: str, value: Any) -> dict[str, Any]:
        """``ignore = [codes]``, or ``[[ignore]]`` tables with a reason."""
        if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
            lines = self._lines_of("ignore")
            return {
                "ignores": tuple(
                    self._one_ignore(entry, lines[number] if number < len(lines) else None)
                    for number, entry in enumerate(value)
                )
            }
        return {"ignore": self._texts(key, value)}

    def _one_ignore(self, entry: Mapping[str, Any], line: int | None) -> Ignore:
        self._known(entry, ("code", "path", "tensor", "reason"), "ignore.")
        for key in ("code", "reason"):
            if key not in entry:
                raise SettingsError(
                    f"{self.path}: the ignore{_at(line)} has no {key}; every ignore says what it covers and why"
                )
        optional = {
            key: check(f"ignore.{key}", entry[key])
            for key, check in (("path", self._pattern), ("tensor", self._text))
            if key in entry
        }
        return Ignore(
            self._text("ignore.code", entry["code"]),
            self._text("ignore.reason", entry["reason"]),
            optional.get("path"),
            optional.get("tensor"),
            line,
        )

    def _lines_of(self, table: str) -> list[int]:
        """The lines on which the ``[[...table]]`` headers stand, from 1."""
        found = []
        for number, line in enumerate(self.data.decode("utf-8", "replace").splitlines(), 1):
            text = line.strip().replace(" ", "")
            if text.startswith("[[") and text.split("]]")[0].rpartition(".")[2].lstrip("[") == table:
                found.append(number)
        return found

    def _budget(self, key: str, value: Any) -> dict[str, Any]:
        """One table, or several with a ``path`` each."""
        from .budget import LIMITS

        tables = value if isinstance(value, list) else [value]
        budgets = []
        for table in tables:
            if not isinstance(table, dict):
                raise self._wrong(key, "a table of limits", table)
            self._known(table, ("path", *LIMITS), "budget.")
            limits = {}
            for name, limit in table.items():
                if name == "path":
                    continue
                problem = LIMITS[name].problem(limit)
                if problem:
                    raise self._wrong(f"budget.{name}", problem, limit)
                limits[name] = limit
            path = self._pattern("budget.path", table["path"]) if "path" in table else None
            budgets.append(Budget(path, limits))
        return {"budgets": tuple(budgets)}

    def _verify(self, key: str, value: Any) -> dict[str, Any]:
        """A table of limits of the verify chain."""
        if not isinstance(value, dict):
            raise self._wrong(key, "a table such as { sqnr-db = 25, mapped-share = 0.9 }", value)
        self._known(value, VERIFY_LIMITS, "verify.")
        for name, number in value.items():
            low, high = VERIFY_LIMITS[name]
            if not isinstance(number, int | float) or isinstance(number, bool) or not low <= number <= high:
                raise self._wrong(f"verify.{name}", f"a number from {low:g} to {high:g}", number)
        return {"verify": dict(value)}


def _at(line: int | None) -> str:
    return "" if line is None else f" in line {line}"

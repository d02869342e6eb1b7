"""Every TFLiteConverter of a script: how it was made, what is set on it, where it runs. Read, never run.

Statements are followed in their order, branches side by side, and into functions that a converter is given to.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from .conversion import Conversion, Run, Setting
from .names import Defined, Names, Scope, Span, dotted
from .statements import assigned, blocks_of, header_of, is_main_guard, result_name
from .values import DEEPEST_CALL, Values

CONSTRUCTORS = frozenset((
    "from_keras_model", "from_saved_model", "from_concrete_functions", "from_keras_model_file",
    "from_frozen_graph", "from_session", "experimental_from_jax",
))  # fmt: skip
CLASSES = ("TFLiteConverter", "TFLiteConverterV2", "TFLiteConverterV1", "TocoConverter")
# Calls followed into functions, over the whole script: who passes a converter about passes it once or twice.
MOST_CALLS = 100
# Blocks within each other, through functions: a few frames of Python each.
MOST_LEVELS = 150
_TENSORFLOW = ("tensorflow", "tensorflow.compat.v1", "tensorflow.compat.v2")
# Calls that look at a converter and change nothing.
_HARMLESS = frozenset(
    ("print", "type", "isinstance", "hasattr", "getattr", "repr", "str", "id", "dir", "help")
)


Current = dict[str, list[Conversion]]


class Follower:
    """Walks a script once; ``conversions`` are what it met, in order."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.conversions: list[Conversion] = []
        self._values = Values(names)
        self._returned: dict[int, list[Conversion]] = {}
        self._known: dict[int, Conversion] = {}  # by the call that makes it
        self._continued: list[tuple[Conversion, Conversion, Setting]] = []
        self._after: set[Conversion] = set()  # converters as they go on after a run
        self._attributes: Current = {}  # converters that objects keep: self.converter
        self._calls = 0
        self._deep = 0
        self._inside: Sequence[ast.stmt] = ()  # the block that is looked at
        # In which block a converter goes on after a run.
        self._homes: dict[Conversion, Sequence[ast.stmt]] = {}
        self._is_collecting = True
        cells = [(index, cell.tree) for index, cell in enumerate(names.source.cells) if cell.tree is not None]
        functions = [defined for same in names.functions.values() for defined in same]
        # What gives converters away comes first, wherever it stands: a method may call one that follows it.
        for defined in sorted(functions, key=lambda one: not _gives_converters(one)):
            self._function(defined, {}, 0)
        current: Current = {}
        for index, tree in cells:
            self._cell = index
            current = self._block(tree.body, names.module, current, conditional=False, depth=0)
        # What a function sets on the module's own converter.
        self._is_collecting = False
        if current:
            for defined in functions:
                seen = {name: found for name, found in current.items() if name not in defined.scope.values}
                self._function(defined, seen, DEEPEST_CALL)
        for before, after, setting in self._continued:
            if not after.runs:
                before.late.append(setting)
        self.conversions = [one for one in self.conversions if one.runs or one not in self._after]
        self.conversions.sort(key=lambda conversion: conversion.span)

    def _function(self, defined: Defined, current: Current, depth: int) -> None:
        self._cell = defined.scope.cell
        self._returned.setdefault(id(defined.node), [])
        start = {**self._attributes, **current}
        self._block(defined.node.body, defined.scope, start, conditional=False, depth=depth, inside=defined)

    def _block(
        self,
        statements: Sequence[ast.stmt],
        scope: Scope,
        current: Current,
        *,
        conditional: bool,
        depth: int,
        inside: Defined | None = None,
    ) -> Current:
        if self._deep > MOST_LEVELS:
            return current
        self._deep += 1
        current = self._statements(
            statements, scope, current, conditional=conditional, depth=depth, inside=inside
        )
        self._deep -= 1
        return current

    def _statements(
        self,
        statements: Sequence[ast.stmt],
        scope: Scope,
        current: Current,
        *,
        conditional: bool,
        depth: int,
        inside: Defined | None,
    ) -> Current:
        for statement in statements:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue  # each is followed by itself
            if isinstance(statement, ast.ClassDef):
                continue
            blocks = list(blocks_of(statement))
            if not blocks:
                self._inside = statements
                self._simple(statement, scope, current, conditional, depth, inside)
                continue
            for expression in header_of(statement):
                self._calls_in(expression, statement, scope, current, conditional, depth)
            choice = isinstance(statement, (ast.If, ast.Match)) and not is_main_guard(statement)
            loop = isinstance(statement, (ast.For, ast.AsyncFor, ast.While))
            ends = []
            for block, is_branch in blocks:
                may = choice or is_branch
                end = self._block(
                    block, scope, dict(current) if may else current,
                    conditional=conditional or may or loop, depth=depth, inside=inside,
                )  # fmt: skip
                if may:
                    ends.append(end)
                else:
                    current = end
            if ends:
                has_default = choice and getattr(statement, "orelse", None)
                current = _merged(ends if has_default else [current, *ends])
        return current

    def _simple(
        self,
        statement: ast.stmt,
        scope: Scope,
        current: Current,
        conditional: bool,
        depth: int,
        inside: Defined | None,
    ) -> None:
        self._calls_in(statement, statement, scope, current, conditional, depth)
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Return) and inside is not None and value is not None:
            self._returned[id(inside.node)].extend(self._made_by(value, "", scope, current))
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, (ast.AnnAssign, ast.AugAssign)) and value is not None:
            targets = [statement.target]
        for target, given in assigned(targets, value):
            name = dotted(target)
            if not name:
                continue
            if name.startswith("self.") or "." not in name or name not in current:
                made = self._made_by(given, name, scope, current)
                if made:
                    current[name] = made
                    if name.startswith("self."):
                        self._attributes[name] = made
                    continue
            owner, attribute = _split(name, current)
            if owner:
                self._set(current, owner, attribute, statement, given, scope, conditional)
            elif name in current and not isinstance(statement, ast.AugAssign):
                del current[name]

    def _made_by(self, value: ast.expr, name: str, scope: Scope, current: Current) -> list[Conversion]:
        """The converters that an expression gives."""
        if dotted(value) in current and dotted(value):
            return current[dotted(value)]
        if not isinstance(value, ast.Call):
            return []
        conversion = self._construct(value, name, scope)
        if conversion is not None:
            return [conversion]
        return [
            made
            for defined in self.names.functions.get(dotted(value.func).rpartition(".")[2], ())
            for made in self._returned.get(id(defined.node), ())
        ]

    def _construct(self, call: ast.Call, name: str, scope: Scope) -> Conversion | None:
        path = self.names.canonical(call.func, scope)
        owner, _, attribute = path.rpartition(".")
        if attribute not in CONSTRUCTORS or owner.rpartition(".")[2] not in CLASSES:
            if attribute not in CLASSES or self._is_foreign(path):
                return None
            attribute = "constructor"
        span = self.names.span(self._cell, call)
        known = self._known.get(id(call))
        if known is not None:
            known.variable = known.variable or name
            return known
        if not self._is_collecting:
            return None
        conversion = Conversion(name, attribute, path, span, scope, call)
        conversion.tensorflow = self._tensorflow(call)
        self.conversions.append(conversion)
        self._known[id(call)] = conversion
        return conversion

    def _is_foreign(self, path: str) -> bool:
        """Whether a class of that name is imported from another library."""
        imported = path in self.names.aliases.values()
        return imported and "tensorflow" not in path and not path.startswith(("tf.", "lite.", "."))

    def _tensorflow(self, call: ast.Call) -> str | None:
        """``tf``, most often: the name that the converter is reached by, or one that is imported."""
        first, dot, _ = dotted(call.func).partition(".lite.")
        if dot and "." not in first:
            return first
        names = [name for name, path in self.names.aliases.items() if path in _TENSORFLOW]
        return names[0] if names else None

    def _set(
        self,
        current: Current,
        owner: str,
        attribute: str,
        statement: ast.stmt,
        value: ast.expr,
        scope: Scope,
        conditional: bool,
    ) -> None:
        span = self.names.span(self._cell, statement)
        adds = not isinstance(statement, (ast.Assign, ast.AnnAssign))
        made = self._values.of(value, scope)
        settings = [Setting(attribute, span, value, scope, *made, conditional, adds)]
        if attribute == "target_spec" and isinstance(value, ast.Call):
            for word in value.keywords:
                valued = self._values.of(word.value, scope)
                settings.append(
                    Setting(f"target_spec.{word.arg}", span, word.value, scope, *valued, conditional, adds)
                )
        replaces = isinstance(statement, ast.Assign)
        conversions: list[Conversion] = []
        for conversion in current[owner]:
            if conversion.runs and self._is_collecting:
                again = conversion.as_it_goes_on()
                self.conversions.append(again)
                self._after.add(again)
                self._homes[again] = self._inside
                self._continued.append((conversion, again, settings[0]))
                conversion = again
            elif conversion in self._after and not conversion.runs:
                before = next(entry[0] for entry in reversed(self._continued) if entry[1] is conversion)
                self._continued.append((before, conversion, settings[0]))
            conversions.append(conversion)
        current[owner] = conversions
        for conversion in conversions:
            for setting in settings:
                kept = conversion.every(setting.name)
                if replaces and (not conditional or self._homes.get(conversion) is self._inside):
                    kept = []
                elif replaces:
                    # In a branch only what stands in front of it in the same block is certain to be gone.
                    kept = [one for one in kept if not self._is_before(one, span, scope)]
                conversion.settings[setting.name] = [*kept, setting]

    def _is_before(self, setting: Setting, span: Span, scope: Scope) -> bool:
        """Whether a setting stands in the block that is looked at, in front of ``span``."""
        at = setting.span
        return (
            setting.scope is scope and at.cell == span.cell and self._inside[0].lineno <= at.line < span.line
        )

    def _calls_in(
        self,
        node: ast.AST,
        statement: ast.stmt,
        scope: Scope,
        current: Current,
        conditional: bool,
        depth: int,
    ) -> None:
        for call in ast.walk(node):
            if not isinstance(call, ast.Call):
                continue
            function = call.func
            if isinstance(function, ast.Attribute) and function.attr == "convert":
                made = self._made_by(function.value, "", scope, current)
                span = self.names.span(self._cell, statement)
                run = Run(span, result_name(statement), scope, dotted(function.value))
                for conversion in made:
                    if run not in conversion.runs:
                        conversion.runs.append(run)
            elif isinstance(function, ast.Attribute) and function.attr in (
                "append",
                "extend",
                "add",
                "update",
            ):
                owner, attribute = _split(dotted(function.value), current)
                if owner and call.args:
                    self._set(current, owner, attribute, statement, call.args[0], scope, conditional)
            elif dotted(function) == "setattr" and len(call.args) == 3:
                name = self.names.constant(call.args[1], scope)
                target = dotted(call.args[0])
                owner, attribute = _split(f"{target}.{name}", current)
                if owner and isinstance(name, str):
                    self._set(current, owner, attribute, statement, call.args[2], scope, conditional)
                for conversion in current.get(target, ()) if not isinstance(name, str) else ():
                    conversion.is_opaque = True
            else:
                self._follow(call, scope, current, depth)

    def _follow(self, call: ast.Call, scope: Scope, current: Current, depth: int) -> None:
        """Into a function that is given a converter."""
        if depth >= DEEPEST_CALL or self._calls >= MOST_CALLS or not current:
            return
        given = {dotted(argument) for argument in (*call.args, *(word.value for word in call.keywords))}
        given &= current.keys()
        functions = self.names.functions.get(dotted(call.func).rpartition(".")[2], ())
        if given and not functions and dotted(call.func) not in _HARMLESS:
            for name in given:
                for conversion in current[name]:
                    conversion.is_opaque = True
        if not given:
            return
        for defined in functions:
            self._calls += 1
            inner: Current = {}
            parameters = [
                argument.arg for argument in (*defined.node.args.posonlyargs, *defined.node.args.args)
            ]
            if parameters[:1] == ["self"]:
                parameters = parameters[1:]
            pairs = [
                *zip(parameters, call.args, strict=False),
                *((w.arg or "", w.value) for w in call.keywords),
            ]
            for parameter, argument in pairs:
                if dotted(argument) in current:
                    inner[parameter] = current[dotted(argument)]
            cell = self._cell
            self._function(defined, inner, depth + 1)
            self._cell = cell


def _gives_converters(defined: Defined) -> bool:
    """Whether a function makes converters and returns something."""
    nodes = list(ast.walk(defined.node))
    return any(isinstance(node, ast.Attribute) and node.attr in CONSTRUCTORS for node in nodes) and any(
        isinstance(node, ast.Return) and node.value is not None for node in nodes
    )


def _split(name: str, current: Current) -> tuple[str, str]:
    """``('converter', 'target_spec.supported_ops')`` where ``converter`` is one; a pair of nothing otherwise."""
    parts = name.split(".")
    for count in range(1, min(len(parts), 4)):
        owner = ".".join(parts[:count])
        if owner in current:
            return owner, ".".join(parts[count:])
    return "", ""


def _merged(ends: Sequence[Current]) -> Current:
    merged: Current = {}
    for end in ends:
        for name, found in end.items():
            known = merged.setdefault(name, [])
            merged[name] = [*known, *(one for one in found if one not in known)]
    return merged

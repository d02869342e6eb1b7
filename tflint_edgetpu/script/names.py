"""What a name in a script stands for: imports and their aliases, functions, values assigned once."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Union

from ..model.record import NamedTuple
from .source import Source

Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]
# A value behind this many names is not followed any further.
LONGEST_CHAIN = 8


class Span(NamedTuple):
    """Characters of the code: lines from 1, columns from 0, ``cell`` the index of the code cell."""

    cell: int
    line: int
    column: int
    end_line: int
    end_column: int


class Defined(NamedTuple):
    """A function as it stands. ``home`` is the same for those of one class, function, or branch of an ``if``."""

    name: str
    node: Function
    scope: Scope  # the one of its body
    span: Span
    home: int


class Scope:
    """The names assigned in a module, or in one function. A value is None where it is not an expression of its own:
    a parameter, the variable of a loop, what ``with`` binds.
    """

    def __init__(self, cell: int, parent: Scope | None) -> None:
        self.cell = cell
        self.parent = parent
        self.values: dict[str, list[ast.expr | None]] = {}
        self.nodes: dict[str, list[ast.AST]] = {}
        self._lines: dict[str, list[int]] = {}

    def bind(self, name: str, value: ast.expr | None, node: ast.AST) -> None:
        self.values.setdefault(name, []).append(value)
        self.nodes.setdefault(name, []).append(node)

    def lines(self, name: str) -> list[int]:
        """Where it is given a value, in order."""
        if name not in self._lines:
            self._lines[name] = sorted(getattr(node, "lineno", 0) for node in self.nodes.get(name, ()))
        return self._lines[name]

    def owner(self, name: str) -> Scope | None:
        """The scope that ``name`` belongs to, seen from here."""
        scope: Scope | None = self
        while scope is not None and name not in scope.values:
            scope = scope.parent
        return scope


class Names:
    """All names of a script. The cells of a notebook are one module, in the order in which they stand."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.aliases: dict[str, str] = {}
        self.functions: dict[str, list[Defined]] = {}
        self.scopes: dict[int, Scope] = {}  # by the id of the function's node
        self.list_additions: dict[
            str, list[ast.expr]
        ] = {}  # what append, extend and += add, by the name of the list
        self._cells: dict[int, int] = {}  # by the id of an expression: its cell, if it is not the first
        self.module = Scope(0, None)
        for index, cell in enumerate(source.cells):
            if cell.tree is not None:
                self.module.cell = index
                self._collect(cell.tree, self.module, index)

    def _collect(self, top: ast.AST, scope: Scope, cell: int) -> None:
        stack = [(child, scope, 0) for child in ast.iter_child_nodes(top)][::-1]
        while stack:
            node, scope, home = stack.pop()
            if isinstance(node, ast.expr) and cell:
                self._cells[id(node)] = cell
            inner = scope
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                inner = Scope(cell, scope)
                self.scopes[id(node)] = inner
                self.functions.setdefault(node.name, []).append(
                    Defined(node.name, node, inner, self.span(cell, node), home)
                )
                for argument in _arguments(node.args):
                    inner.bind(argument.arg, None, argument)
            elif isinstance(node, ast.Lambda):
                inner = Scope(cell, scope)
                self.scopes[id(node)] = inner
                for argument in _arguments(node.args):
                    inner.bind(argument.arg, None, argument)
            else:
                self._bind(node, scope)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                home = id(node)
            children = [(child, inner, home) for child in ast.iter_child_nodes(node)]
            if isinstance(node, (ast.If, ast.Try)):  # what stands in branches does not replace each other
                branch = _branches(node)
                children = [
                    (child, inner, hash((home, id(node), branch.get(id(child))))) for child, *_ in children
                ]
            stack.extend(children[::-1])

    def _bind(self, node: ast.AST, scope: Scope) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                self.aliases[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                self.aliases[alias.asname or alias.name] = f"{node.module or ''}.{alias.name}"
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind_target(target, node.value, scope, node)
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            self._bind_target(node.target, node.value, scope, node)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and _is_list(node.value):
            self.list_additions.setdefault(node.target.id, []).append(node.value)
        elif isinstance(node, (ast.AugAssign, ast.For, ast.AsyncFor, ast.comprehension)):
            self._bind_target(node.target, None, scope, node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("append", "extend", "add", "update") and isinstance(
                node.func.value, ast.Name
            ):
                self.list_additions.setdefault(node.func.value.id, []).extend(node.args)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._bind_target(node.optional_vars, None, scope, node.optional_vars)

    def _bind_target(self, target: ast.expr, value: ast.expr | None, scope: Scope, node: ast.AST) -> None:
        if isinstance(target, ast.Name):
            scope.bind(target.id, value, node)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self._bind_target(element, None, scope, node)
        elif isinstance(target, ast.Starred):
            self._bind_target(target.value, None, scope, node)

    def span(self, cell: int, node: ast.AST) -> Span:
        """Where ``node`` stands, columns in characters."""
        lines = self.source.cells[cell].lines
        line, end_line = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or 1
        column = _characters(lines, line, getattr(node, "col_offset", 0))
        return Span(
            cell, line, column, end_line, _characters(lines, end_line, getattr(node, "end_col_offset", 0))
        )

    def canonical(self, node: ast.AST, scope: Scope) -> str:
        """``tensorflow.lite.OpsSet.SELECT_TF_OPS`` of an attribute chain, aliases resolved; empty otherwise."""
        name = dotted(node)
        for _ in range(LONGEST_CHAIN):
            first, dot, rest = name.partition(".")
            owner = scope.owner(first) if first else None
            value = single_value(owner, first) if owner is not None else None
            longer = dotted(value) if value is not None else ""
            if owner is None and first in self.aliases:
                return self.aliases[first] + dot + rest
            if not longer or longer.partition(".")[0] == first:
                return name
            name = longer + dot + rest
            scope = owner or scope
        return name

    def value(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
        """What stands behind a name that is assigned once; ``node`` itself for anything else."""
        for _ in range(LONGEST_CHAIN):
            if not isinstance(node, ast.Name):
                break
            owner = scope.owner(node.id)
            value = single_value(owner, node.id) if owner is not None else None
            if value is None or owner is None:
                break
            node, scope = value, owner
        return node, scope

    def constant(self, node: ast.expr, scope: Scope) -> object:
        """The constant an expression is, ``None`` where it is none."""
        node, _ = self.value(node, scope)
        if isinstance(node, ast.Constant):
            return node.value
        if (
            isinstance(node, ast.UnaryOp)
            and isinstance(node.op, ast.USub)
            and isinstance(node.operand, ast.Constant)
        ):
            number = node.operand.value
            return -number if isinstance(number, (int, float)) else None
        return None

    def span_of(self, node: ast.AST) -> Span:
        """Where an expression stands, whatever cell that is in."""
        return self.span(self._cells.get(id(node), 0), node)


def _branches(node: ast.If | ast.Try) -> dict[int, str]:
    """By the id of a statement in it: the part of a statement with branches that it is in."""
    fields = ("body", "orelse", "finalbody")
    return {id(child): field for field in fields for child in getattr(node, field, ())}


def _is_list(node: ast.expr) -> bool:
    return isinstance(node, (ast.List, ast.Tuple, ast.Set))


class NamedCall(NamedTuple):
    """A call, by the last part of the function's name, with the words of its keyword arguments; ``**`` stands for a
    mapping that may hold any."""

    name: str
    keywords: frozenset[str]
    span: Span


def calls_of(names: Names, wanted: Sequence[str]) -> list[NamedCall]:
    """The calls whose function is called one of ``wanted``, in order."""
    found = []
    for index, cell in enumerate(names.source.cells):
        for node in ast.walk(cell.tree) if cell.tree is not None else ():
            if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in wanted:
                words = frozenset(word.arg or "**" for word in node.keywords)
                name = dotted(node.func).rpartition(".")[2]
                found.append(NamedCall(name, words, names.span(index, node)))
    return sorted(found, key=lambda call: call.span)


def single_value(scope: Scope | None, name: str) -> ast.expr | None:
    """The value of a name that is assigned exactly once."""
    values = scope.values.get(name, ()) if scope is not None else ()
    return values[0] if len(values) == 1 else None


def dotted(node: ast.AST | None) -> str:
    """``tf.lite.OpsSet`` of an attribute chain, empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _arguments(arguments: ast.arguments) -> Iterator[ast.arg]:
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    yield from (argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None)


def _characters(lines: tuple[str, ...], number: int, offset: int) -> int:
    """ast counts columns in bytes of UTF-8."""
    line = lines[number - 1] if number <= len(lines) else ""
    if line.isascii():
        return min(offset, len(line))
    return len(line.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore"))

"""Where the bytes of a conversion go: which variable is written to which file."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from ..model.record import NamedTuple
from .conversion import Conversion, Run
from .names import Names, Scope, Span, dotted


class Written(NamedTuple):
    """One write. ``data``: the variable; ``path``: as much of the file's name as is known; ``conversion``: the one
    whose bytes the variable holds there, None where that is not known.
    """

    data: str
    path: str
    span: Span
    conversion: Conversion | None


def writes(names: Names, conversions: list[Conversion]) -> list[Written]:
    """All writes of variables to files, in order."""
    holders = _Holders(conversions)
    found: list[Written] = []
    for index, cell in enumerate(names.source.cells):
        if cell.tree is not None:
            found.extend(_in_body(cell.tree, names.module, index, names, holders))
    for same in names.functions.values():
        for defined in same:
            found.extend(_in_body(defined.node, defined.scope, defined.scope.cell, names, holders))
    return sorted(found, key=lambda written: written.span)


class _Holders:
    """Which conversion a variable holds the bytes of, by place."""

    def __init__(self, conversions: list[Conversion]) -> None:
        self._given: dict[tuple[str, int], dict[Span, Conversion | None]] = {}
        for conversion in conversions:
            for run in conversion.runs:
                given = self._given.setdefault((run.result, id(run.scope)), {})
                # Two converters in one statement, as after an if: it may be either.
                given[run.statement] = None if run.statement in given else conversion
        self._places = {key: sorted(given) for key, given in self._given.items()}

    def of(self, data: str, at: Span, scope: Scope) -> Conversion | None:
        """The one whose result ``data`` last got before ``at``; None where it is not known."""
        key = data, id(scope)
        places = self._places.get(key, [])
        number = bisect_left(places, at)
        if not number:
            return None
        last = places[number - 1]
        lines = scope.lines(data)
        between = bisect_left(lines, at.line) - bisect_right(lines, last.line)
        if at.cell == last.cell and between > 0:
            return None  # something else was put into it in between
        return self._given[key][last]


def unused_results(names: Names, conversions: list[Conversion]) -> list[tuple[Conversion, Run]]:
    """Runs whose result is given to a plain name that nothing reads behind it."""
    last_read: dict[str, Span] = {}
    for index, cell in enumerate(names.source.cells):
        for node in ast.walk(cell.tree) if cell.tree is not None else ():
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                last_read[node.id] = max(
                    names.span(index, node), last_read.get(node.id, names.span(index, node))
                )
    found = []
    for conversion in conversions:
        for run in conversion.runs:
            if not run.result.isidentifier():
                continue
            # Inside of a loop or a function called twice an earlier line may read it as well.
            if last_read.get(run.result, run.statement) <= run.statement:
                found.append((conversion, run))
    return found


def _in_body(top: ast.AST, scope: Scope, cell: int, names: Names, holders: _Holders) -> Iterator[Written]:
    opened: dict[str, str] = {}
    stack = list(ast.iter_child_nodes(top))[::-1]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(node, ast.withitem) and isinstance(node.context_expr, ast.Call):
            opened[dotted(node.optional_vars)] = _path(node.context_expr, names, scope)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            if dotted(node.value.func).rpartition(".")[2] in ("open", "Path", "GFile"):
                opened[dotted(node.targets[0])] = _path(node.value, names, scope)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            if isinstance(node.value.op, ast.Div):  # folder / "model.tflite"
                opened[dotted(node.targets[0])] = _words(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            data = dotted(node.args[0])
            if node.func.attr in ("write", "write_bytes") and data:
                owner = node.func.value
                path = (
                    _path(owner, names, scope)
                    if isinstance(owner, ast.Call)
                    else opened.get(dotted(owner), "")
                )
                span = names.span(cell, node)
                yield Written(data, path, span, holders.of(data, span, scope))
        stack.extend(list(ast.iter_child_nodes(node))[::-1])


def _path(call: ast.expr, names: Names, scope: Scope) -> str:
    """The constant parts of the first argument of open(), Path() and the like."""
    if not isinstance(call, ast.Call):
        return ""
    if not call.args:
        return _path(call.func.value, names, scope) if isinstance(call.func, ast.Attribute) else ""
    node, _ = names.value(call.args[0], scope)
    if isinstance(node, ast.Name):
        return ""
    return _words(node)


def _words(node: ast.AST) -> str:
    """The strings in an expression, one behind the other."""
    return "".join(
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )

"""The parts of a Python statement: its blocks, what stands in front of them, what it assigns."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from .names import dotted


def blocks_of(statement: ast.stmt) -> Iterator[tuple[list[ast.stmt], bool]]:
    """The blocks of a compound statement, and whether each is run in some cases only whatever the statement is."""
    for field in ("body", "handlers", "cases", "orelse", "finalbody"):
        block = getattr(statement, field, None) or []
        if field in ("handlers", "cases"):
            for handler in block:
                yield handler.body, True
        elif isinstance(block, list) and block:
            yield block, False


def is_main_guard(statement: ast.stmt) -> bool:
    """``if __name__ == "__main__":`` is no choice."""
    test = getattr(statement, "test", None)
    return isinstance(test, ast.Compare) and dotted(test.left) == "__name__"


def header_of(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a compound statement outside of its blocks."""
    for field in ("test", "iter", "subject"):
        value = getattr(statement, field, None)
        if value is not None:
            yield value
    for item in getattr(statement, "items", ()):
        yield item.context_expr


def result_name(statement: ast.stmt) -> str:
    """The name that a statement gives to its value."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        return dotted(statement.targets[0])
    if isinstance(statement, ast.AnnAssign):
        return dotted(statement.target)
    return ""


def assigned(targets: Sequence[ast.expr], value: ast.expr | None) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each target with its value; ``a, b = x, y`` taken apart."""
    for target in targets:
        if value is None:
            return
        if isinstance(target, (ast.Tuple, ast.List)):
            values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
            if len(values) == len(target.elts):
                yield from zip(target.elts, values, strict=True)
        else:
            yield target, value

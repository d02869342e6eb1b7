"""Which branches of a script a line lies in: of what is in different ones only one is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .names import Span

if TYPE_CHECKING:
    from .script import Script

_ALWAYS = ("body", "orelse", "finalbody")  # of a try, as far as one can tell


def branches(script: Script, span: Span) -> list[tuple[int, int]]:
    """From the outermost: (id of the statement, number of its block) of each ``if`` and ``match`` that ``span`` lies
    in, and of each ``try`` that it lies in an ``except`` of.
    """
    return [(id(node), number) for node, number in _blocks(script, span) if _is_choice(node, number)]


def holds_at(script: Script, one: Span, other: Span) -> bool:
    """Whether what stands at ``one`` is run wherever ``other`` is: in no branch that ``other`` is not in."""
    where = branches(script, one)
    return where == branches(script, other)[: len(where)]


def exclude_each_other(script: Script, one: Span, other: Span) -> bool:
    """Whether only one of two places is reached: branches of one ``if``, or a ``try`` and its ``except``."""
    first, second = dict(_blocks(script, one)), dict(_blocks(script, other))
    return any(
        first[node] != second[node] and (_is_choice(node, first[node]) or _is_choice(node, second[node]))
        for node in first.keys() & second.keys()
    )


def _is_choice(node: ast.stmt, number: int) -> bool:
    return isinstance(node, (ast.If, ast.Match)) or (isinstance(node, ast.Try) and number >= len(_ALWAYS))


def _blocks(script: Script, span: Span) -> Iterator[tuple[ast.stmt, int]]:
    """Every statement with blocks that ``span`` lies in, with the number of the block: those that are always there
    first, then the ``except`` and ``case`` ones.
    """
    tree = script.cells[span.cell].tree
    block: list[ast.stmt] = tree.body if tree is not None else []
    while block:
        node = next((one for one in block if one.lineno <= span.line <= (one.end_lineno or 0)), None)
        if node is None:
            return
        blocks = [getattr(node, field, None) or [] for field in _ALWAYS]
        blocks.extend(part.body for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())))
        block = []
        for number, statements in enumerate(blocks):
            if statements and statements[0].lineno <= span.line <= (statements[-1].end_lineno or 0):
                yield node, number
                block = statements

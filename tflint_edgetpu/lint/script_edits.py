"""Edits of a script as data: exact ranges of its text. None where an edit would not be certain to be right.

They are applied by :mod:`tflint_edgetpu.script.rewrite`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ..script.branches import holds_at
from ..script.names import Span
from .finding import REPLACE_SOURCE, Edit
from .script_place import script_location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..script.conversion import Conversion, Item, Setting
    from ..script.script import Script


def replace(script: Script, span: Span, text: str) -> Edit:
    """``text`` in the place of ``span``. Line ends in it are written as the file has them."""
    values = {**span._asdict(), "text": text}
    return Edit(REPLACE_SOURCE, script_location(script, span).ref, values)


def remove_statement(script: Script, span: Span) -> Edit | None:
    """Take out a statement that has its lines for itself, with a comment behind it."""
    lines = script.cells[span.cell].lines
    before = lines[span.line - 1][: span.column]
    after = lines[span.end_line - 1][span.end_column :].strip()
    if before.strip() or (after and not after.startswith("#")) or span in script.lone_statements:
        return None
    if span.end_line < len(lines):
        return replace(script, Span(span.cell, span.line, 0, span.end_line + 1, 0), "")
    if span.line == 1:
        return None
    previous = lines[span.line - 2]
    end = len(lines[span.end_line - 1])
    return replace(script, Span(span.cell, span.line - 1, len(previous), span.end_line, end), "")


def insert_before_run(script: Script, conversion: Conversion, lines: Sequence[str]) -> Edit | None:
    """Put lines in front of the one call of convert(), indented as it is."""
    if len(conversion.runs) != 1 or not conversion.variable:
        return None
    run = conversion.runs[0]
    if run.receiver != conversion.variable or run.scope is not conversion.scope:
        return None  # it has another name there, or none
    at = run.statement
    code = script.cells[at.cell].lines
    indent = code[at.line - 1][: at.column]
    if indent.strip() or at.line < conversion.span.line or at.cell != conversion.span.cell:
        return None
    if "\t" in indent:
        lines = [line.replace("    ", "\t", 1) if line.startswith("    ") else line for line in lines]
    text = "".join(f"{indent}{line}\n" for line in lines)
    return replace(script, Span(at.cell, at.line, 0, at.line, 0), text)


def holds_at_run(script: Script, conversion: Conversion, name: str) -> bool:
    """Whether a setting is made on every way to the one call of convert(): not in a branch that the call is not in."""
    if len(conversion.runs) != 1:
        return True
    run = conversion.runs[0]
    return any(
        not setting.conditional
        or (setting.scope is run.scope and holds_at(script, setting.span, run.statement))
        for setting in conversion.every(name)
    )


def remove_item(script: Script, setting: Setting, item: Item) -> Edit | None:
    """Take an element out of a list that is written out, with its comma."""
    elements = [script.names.span(item.span.cell, node) for node in _elements(setting)] if item.span else []
    # A tuple of one would need a comma to stay one.
    fewest = 3 if isinstance(setting.value, ast.Tuple) else 2
    if any(isinstance(node, ast.Starred) for node in _elements(setting)):
        return None  # nothing may be left
    if item.span is None or item.span not in elements or len(elements) < fewest:
        return None
    span = item.span
    lines = script.cells[span.cell].lines
    number = elements.index(span)
    before, after = lines[span.line - 1][: span.column], lines[span.end_line - 1][span.end_column :].lstrip()
    if not before.strip() and after.removeprefix(",").lstrip()[:1] in ("", "#"):
        return replace(script, Span(span.cell, span.line, 0, span.end_line + 1, 0), "")
    if number:
        hole = Span(span.cell, *elements[number - 1][3:], *span[3:])
    else:
        hole = Span(span.cell, span.line, span.column, *elements[1][1:3])
    if any("#" in lines[line - 1] for line in range(hole.line, hole.end_line)):
        return None  # the comment belongs to the element that stays
    return replace(script, hole, "")


def _elements(setting: Setting) -> list[ast.expr]:
    value = setting.value
    return value.elts if isinstance(value, (ast.List, ast.Tuple, ast.Set)) else []

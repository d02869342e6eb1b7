"""Exporters that run a converter themselves: Ultralytics, onnx2tf, tflite_convert; called from Python or a shell."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator, Mapping

from ..model.record import NamedTuple
from .names import Names, Scope, Span, dotted

SHELLS = frozenset(("system", "popen", "run", "call", "check_call", "check_output", "Popen", "getoutput"))
FORMATS = ("tflite", "edgetpu")
LONGEST_COMMAND = 20_000
# command.split() of a command that is itself "...".format(...).
DEEPEST = 3


class Export(NamedTuple):
    """``tool``: ultralytics, onnx2tf or tflite_convert; ``options``: as given, a flag without a value is True, a value
    that is not known None."""

    tool: str
    options: Mapping[str, object]
    span: Span
    text: str


def exports(names: Names) -> list[Export]:
    """All of them, in order."""
    found: list[Export] = []
    for index, cell in enumerate(names.source.cells):
        for shell in cell.shell:
            span = Span(index, shell.line, 0, shell.line, len(cell.lines[shell.line - 1]))
            found.extend(_of_command(shell.text, span))
        stack: list[tuple[ast.AST, Scope]] = [(cell.tree, names.module)] if cell.tree is not None else []
        while stack:
            node, scope = stack.pop()
            if isinstance(node, ast.Call):
                found.extend(_of_call(node, index, names, scope))
            inner = names.scopes.get(id(node), scope)
            stack.extend((child, inner) for child in ast.iter_child_nodes(node))
    return sorted(found, key=lambda export: export.span)


def _of_call(node: ast.Call, cell: int, names: Names, scope: Scope) -> Iterator[Export]:
    path = names.canonical(node.func, scope)
    last = node.func.attr if isinstance(node.func, ast.Attribute) else path.rpartition(".")[2]
    given = {word.arg: word.value for word in node.keywords if word.arg}
    if last == "export" and "format" in given:
        if names.constant(given["format"], scope) in FORMATS:
            yield Export("ultralytics", _constants(given, names, scope), names.span(cell, node), "")
    elif path == "onnx2tf.convert":
        yield Export("onnx2tf", _constants(given, names, scope), names.span(cell, node), "")
    elif last in SHELLS and node.args and path.partition(".")[0] in ("os", "subprocess"):
        command = _command(node.args[0], names, scope)
        if command:
            yield from _of_command(command, names.span(cell, node))


def _constants(given: Mapping[str, ast.expr], names: Names, scope: Scope) -> dict[str, object]:
    return {name: names.constant(value, scope) for name, value in given.items()}


def _command(node: ast.expr, names: Names, scope: Scope, depth: int = 0) -> str:
    """The text of a command, with a question mark for what is not known."""
    node, scope = names.value(node, scope)
    if isinstance(node, ast.Call):  # command.split(), shlex.split(command), "...".format(...)
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in ("split", "format"):
            text = node.args[0] if dotted(function.value) == "shlex" and node.args else function.value
            return _command(text, names, scope, depth + 1) if depth < DEEPEST else ""
        return ""
    if isinstance(node, (ast.List, ast.Tuple)):
        words = [names.constant(element, scope) for element in node.elts]
        return " ".join(shlex.quote(word) if isinstance(word, str) else "?" for word in words)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "?" for part in node.values)
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) else ""


def _of_command(text: str, span: Span) -> Iterator[Export]:
    if len(text) > LONGEST_COMMAND:
        return
    for part in text.replace("&&", ";").replace("||", ";").split(";"):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:
            words = part.split()
        for number, word in enumerate(words[:6]):
            program = word.rpartition("/")[2]
            if program in ("tflite_convert", "onnx2tf"):
                yield Export(program, _flags(words[number + 1 :]), span, part.strip())
                break
            if program == "yolo" and "export" in words[number + 1 :]:
                options: dict[str, object] = {}
                for option in words[number + 1 :]:
                    name, equals, value = option.partition("=")
                    options[name] = value if equals else True
                if options.get("format") in FORMATS:
                    yield Export("ultralytics", options, span, part.strip())
                break


def _flags(words: list[str]) -> dict[str, object]:
    """``--name=value``, ``--name value`` and bare ``-flag``; a value is never taken for a flag of its own."""
    flags: dict[str, object] = {}
    name = ""
    for word in words:
        if word.startswith("-") and len(word) > 1 and not word[1].isdigit():
            name, equals, value = word.lstrip("-").partition("=")
            flags[name] = value if equals else True
            if equals:
                name = ""
        elif name:
            flags[name] = word if flags[name] is True else f"{flags[name]} {word}"
    return flags


def is_on(value: object) -> bool:
    """Whether an option is on: ``int8=True``, ``int8=1``, ``int8``; what is not known counts as on."""
    return value is None or (value is not False and str(value).lower() not in ("false", "0", "no", ""))

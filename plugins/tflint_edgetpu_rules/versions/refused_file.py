"""What the compiler prints about a file it cannot parse, and what that costs."""

from __future__ import annotations

from tflint_edgetpu.api import Operator


def parser_line(kind: str, version: int) -> str:
    """The line of edgetpu_compiler, the way the user will search for it."""
    return f"Didn't find op for builtin opcode '{kind}' version '{version}'"


def cost_of(kind: str, version: int) -> str:
    """The cost of one operator that the parser does not know."""
    return f'no part of the model is compiled: edgetpu_compiler stops with "{parser_line(kind, version)}"'


def by_kind(operators: list[Operator]) -> dict[str, list[Operator]]:
    """The operators of each kind, in order of first appearance."""
    kinds: dict[str, list[Operator]] = {}
    for operator in operators:
        kinds.setdefault(operator.kind, []).append(operator)
    return kinds

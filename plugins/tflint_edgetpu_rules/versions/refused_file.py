"""What the compiler prints about a file it cannot parse, and what that costs."""

from __future__ import annotations

from collections.abc import Iterable

from tflint_edgetpu.api import Certainty, Edit, Operator

# Operators of which edgetpu_compiler 16.0 or an older one was seen to refuse a version. Source:
# google-coral/edgetpu issues 34, 45, 114, 147, 210, 340, 631, 845, 879, libedgetpu issue 71. Of the others it
# is only known that the version is younger than the compiler.
SEEN_REFUSED = frozenset((
    "CONV_2D", "EXP", "QUANTIZE", "RELU", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "REVERSE_V2",
    "TRANSPOSE_CONV",
))  # fmt: skip


def parser_line(kind: str, version: int) -> str:
    """The line of edgetpu_compiler, the way the user will search for it."""
    return f"Didn't find op for builtin opcode '{kind}' version '{version}'"


def cost_of(kind: str, version: int) -> str:
    """The cost of one operator that the parser does not know."""
    return f'no part of the model is compiled: edgetpu_compiler stops with "{parser_line(kind, version)}"'


def certainty_of(kind: str) -> Certainty:
    return Certainty.MEASURED if kind in SEEN_REFUSED else Certainty.DOCUMENTED


def by_kind(operators: list[Operator]) -> dict[str, list[Operator]]:
    """The operators of each kind, in order of first appearance."""
    kinds: dict[str, list[Operator]] = {}
    for operator in operators:
        kinds.setdefault(operator.kind, []).append(operator)
    return kinds


def edits_of(slug: str, operators: Iterable[Operator], others: Iterable[Operator]) -> tuple[Edit, ...]:
    """``slug`` for the operators whose feature is too new, and for ``others``, which share their code, one of
    their own. Edits work on the main subgraph.
    """
    edits = [
        *((slug, operator) for operator in operators),
        *(("own-operator-code", other) for other in others),
    ]
    return tuple(Edit(kind, operator.ref) for kind, operator in edits if operator.subgraph == 0)

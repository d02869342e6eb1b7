"""Words that every message needs: shares, counts, and names that fit a sentence.

Names of real models run to hundreds of characters, a converter joins those of all layers it fused.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..edgetpu.operator_placement import OperatorPlacement
from ..model.graph import Operator, Tensor

LONGEST_NAME = 60


def percent(share: float) -> str:
    """A share as people read it; only nothing is 0% and only everything 100%."""
    if 0 < share < 0.01:
        return "less than 1%"
    if 0.99 < share < 1:
        return "more than 99%"
    return f"{share:.0%}"


def counted(number: int, noun: str) -> str:
    """``1 break``, ``1,200 breaks``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def others_like_it(number: int, noun: str) -> str:
    """``, and 2 more layers like it`` where there are three; nothing where there is one."""
    return f", and {counted(number - 1, f'more {noun}')} like it" if number > 1 else ""


def shortened(name: str) -> str:
    """The first of the names that a converter joined by semicolons. Where it is long, its end: that is what
    tells layers apart.
    """
    name = name.split(";", 1)[0]
    return name if len(name) <= LONGEST_NAME else f"...{name[3 - LONGEST_NAME :]}"


def quoted(tensor: Tensor) -> str:
    """The name of a tensor in quotes, shortened."""
    return f"'{shortened(tensor.name)}'"


def named(operator: Operator) -> str:
    """The operator's output tensor in quotes, its name shortened."""
    output = operator.output()
    return quoted(output) if output is not None else operator.ref


def described(operators: Sequence[Operator]) -> str:
    """``PACK x2, RESHAPE`` in the order of first appearance; the first three kinds where there are more than
    four.
    """
    counts: dict[str, int] = {}
    for operator in operators:
        label = shortened(operator.label)
        counts[label] = counts.get(label, 0) + 1
    words = [label if count == 1 else f"{label} x{count}" for label, count in counts.items()]
    return ", ".join(words if len(words) <= 4 else [*words[:3], f"{len(words) - 3} other kinds"])


def listed(names: Sequence[str]) -> str:
    """``'a', 'b' and 3 more``: the first three, shortened, in quotes."""
    words = [f"'{shortened(name)}'" for name in names[:3]]
    return ", ".join(words) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def subject(operators: Sequence[Operator]) -> str:
    """``DIV at 'scores'``, or ``DIV x3 (first at 'scores')`` where there are several."""
    if len(operators) == 1:
        return f"{shortened(operators[0].label)} at {named(operators[0])}"
    return f"{described(operators)} (first at {named(operators[0])})"


def reason_of(placed: OperatorPlacement) -> str:
    """Why the Edge TPU refuses the operator, or what makes its verdict uncertain; names shortened."""
    reason = placed.reason or "no reason is known"
    for tensor in placed.operator.tensors:
        reason = reason.replace(f"'{tensor.name}'", f"'{shortened(tensor.name)}'")
    return reason

"""What a constraint is, and how one is declared.

A constraint is a function: its docstring states what must be true of an operator, its return value
what was seen instead (``None`` where all is well).  It is registered by its decorator, with the
operators it holds for, the status string the compiler prints, and the source of the claim.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple, Union

from ...model.graph import Model, Operator
from ..target import Target


class Status:
    """The status strings of the compiler's operator table, verbatim."""

    MAPPED = "Mapped to Edge TPU"
    MORE_THAN_ONE_SUBGRAPH = "More than one subgraph is not supported"
    UNSPECIFIED = "Operation is otherwise supported, but not mapped due to some unspecified limitation"
    DATA_TYPE = "Operation is working on an unsupported data type"
    NOT_SUPPORTED = "Operation not supported"
    VERSION = "Operation version not supported"
    RANK = "Tensor has unsupported rank (up to 3 innermost dimensions mapped)"
    NOT_CONSTANT = "Filter, bias, or other param is not constant at compile-time"
    TWO_D_OUTPUT = "For example, a fully-connected or softmax layer with 2D output"


class Source(NamedTuple):
    """Where a claim comes from: ``certainty`` is documented, measured or guess."""

    certainty: str
    text: str


def documented(text: str) -> Source:
    return Source("documented", text)


def measured(text: str) -> Source:
    return Source("measured", text)


def guess(text: str) -> Source:
    return Source("guess", text)


class Grey(NamedTuple):
    """Seen, but between the largest known-good and the smallest known-bad case.

    ``refused`` says on which side the prediction falls; the certainty of such a verdict is a guess.
    """

    seen: str
    refused: bool


class Facts(NamedTuple):
    """What a constraint may look at besides the operator itself."""

    model: Model
    target: Target


Seen = Union[str, Grey, None]
Check = Callable[[Operator, Facts], Seen]


class Constraint(NamedTuple):
    slug: str
    text: str  # what must be true
    operators: frozenset[str]  # empty: every operator
    status: str
    source: Source
    since: tuple[int, int]  # compilers it holds for, both ends included
    until: tuple[int, int]
    check: Check
    good: tuple[str, ...]  # evidence: cases seen mapped
    bad: tuple[str, ...]  # evidence: cases seen refused

    def holds_for(self, target: Target) -> bool:
        return self.since <= target.compiler <= self.until


def constraint(
    *operators: str,
    status: str,
    source: Source,
    since: tuple[int, int] = (0, 0),
    until: tuple[int, int] = (99, 0),
    good: tuple[str, ...] = (),
    bad: tuple[str, ...] = (),
) -> Callable[[Check], Constraint]:
    """Declare a constraint; without ``operators`` it holds for every operator.

    The slug is the function's name in kebab case.  ``good`` and ``bad`` are evidence: models and shapes
    that the real compiler mapped or refused.
    """

    def declare(check: Check) -> Constraint:
        return Constraint(
            check.__name__.replace("_", "-"),  # type: ignore[attr-defined]
            " ".join((check.__doc__ or "").split()),
            frozenset(map(sys.intern, operators)),
            status,
            source,
            since,
            until,
            check,
            good,
            bad,
        )

    return declare

"""What a constraint is, and how one is declared.

A constraint is a function: its docstring states what must be true of an operator, its return value
what was seen instead (``None`` where all is well).  It is registered by its decorator, with the
operators it holds for, the status string the compiler prints, and the source of the claim.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Union

from ...model.graph import Model, Operator, Tensor
from ...model.record import NamedTuple
from ..target import Target
from .evidence import Band, Case, is_known


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
    UNIT_STRIDES = "Only Strided-Slice with unitary strides supported"


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
    held_out: frozenset[str] = frozenset()  # families of models whose cases do not count, for benchmarks

    def is_constant(self, tensor: Tensor | None) -> bool:
        """Whether the compiler's parser sees a value: it knows nothing of constants behind the flatbuffer."""
        if tensor is None:
            return False
        buffer = self.model.buffers[tensor.buffer]
        return buffer.length > 0 and not buffer.external

    def activations(self, tensors: Iterable[Tensor | None]) -> list[Tensor]:
        """Those of ``tensors`` that are computed."""
        return [tensor for tensor in tensors if tensor is not None and not self.model.is_constant(tensor)]

    def knows(self, cases: tuple[Case, ...]) -> bool:
        return is_known(cases, self.held_out)


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
    cases: tuple[Case, ...]  # evidence: operators as the real compiler treated them

    @property
    def good(self) -> tuple[str, ...]:
        """The cases seen mapped, as text."""
        return tuple(case.text for case in self.cases if case.mapped)

    @property
    def bad(self) -> tuple[str, ...]:
        """The cases seen refused, as text."""
        return tuple(case.text for case in self.cases if not case.mapped)

    def holds_for(self, target: Target) -> bool:
        return self.since <= target.compiler <= self.until

    def __reduce__(self) -> tuple[Callable[[str, str], Constraint], tuple[str, str]]:
        """Another process gets the constraint of its own module: the function's name stands for it now."""
        return declared, (self.check.__module__, self.check.__name__)


def declared(module: str, name: str) -> Constraint:
    """The constraint that stands in ``module`` under ``name``."""
    found: Constraint = getattr(import_module(module), name)
    return found


def constraint(
    *operators: str,
    status: str,
    source: Source,
    since: tuple[int, int] = (0, 0),
    until: tuple[int, int] = (99, 0),
    cases: tuple[Case, ...] = (),
) -> Callable[[Check], Constraint]:
    """Declare a constraint; without ``operators`` it holds for every operator.

    The slug is the function's name in kebab case.  ``cases`` is the evidence: operators that the real
    compiler was seen to map or to refuse.
    """

    def declare(check: Check) -> Constraint:
        return Constraint(
            check.__name__.replace("_", "-"),
            " ".join((check.__doc__ or "").split()),
            frozenset(map(sys.intern, operators)),
            status,
            source,
            since,
            until,
            check,
            cases,
        )

    return declare


def within(band: Band, operator: Operator, facts: Facts, what: str) -> Seen:
    """The verdict of a size limit on the operator's activations; ``what`` says what was measured."""
    inputs = tuple(tensor.shape for tensor in facts.activations(operator.inputs))
    outputs = tuple(tensor.shape for tensor in operator.outputs)
    amount = band.measure(inputs, outputs)
    zone = band.locate(amount, facts.held_out)
    if not (zone.refused or zone.is_grey):
        return None
    seen = f"{what} {amount:,} {band.unit} ({zone.explain(band.unit, band.boundary)})"
    return Grey(seen, zone.refused) if zone.is_grey else seen

"""Declaring cases of a constraint: operators that keep it and operators that break it.

A case is a function that fills a :class:`~tflint_edgetpu.testing.builder.ModelBuilder`; the operator under
test is the last one::

    @breaks("no-fused-activation")
    def a_pool_with_relu(m: ModelBuilder) -> None:
        m.output(m.pool("MAX_POOL_2D", m.input((1, 8, 8, 4)), activation="RELU"))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import NamedTuple

from ..edgetpu.target import COMPILERS, DEFAULT_TARGET, Target
from .builder import ModelBuilder

Fill = Callable[[ModelBuilder], None]


class ConstraintCase(NamedTuple):
    slug: str
    breaks: bool
    fill: Fill
    target: Target
    grey: bool  # only in the grey zone: the verdict is a guess

    @property
    def name(self) -> str:
        return self.fill.__name__


def keeps(slug: str, target: str | Target | None = None) -> Callable[[Fill], Fill]:
    """Mark a function whose last operator keeps the constraint; ``target`` is a compiler's name."""
    return _mark(slug, False, target, False)


def breaks(slug: str, target: str | Target | None = None, *, grey: bool = False) -> Callable[[Fill], Fill]:
    """Mark a function whose last operator breaks the constraint, or only might (``grey``)."""
    return _mark(slug, True, target, grey)


def _mark(slug: str, is_broken: bool, target: str | Target | None, grey: bool) -> Callable[[Fill], Fill]:
    judged_for = COMPILERS[target] if isinstance(target, str) else target or DEFAULT_TARGET

    def mark(fill: Fill) -> Fill:
        case = ConstraintCase(slug, is_broken, fill, judged_for, grey)
        fill.tflint_constraint_case = case  # type: ignore[attr-defined]
        return fill

    return mark


def collect(module: ModuleType) -> Iterator[ConstraintCase]:
    """The cases of a module in the order in which they stand."""
    for value in vars(module).values():
        case = getattr(value, "tflint_constraint_case", None)
        if isinstance(case, ConstraintCase):
            yield case

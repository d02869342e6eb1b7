"""Declaring cases of a rule: models it must name, and models it must leave alone.

A rule's ``cases.py`` holds functions that fill a :class:`~tflint_edgetpu.testing.builder.ModelBuilder`::

    @failing
    def pool_with_relu6(m: ModelBuilder) -> None:
        m.output(m.pool("MAX_POOL_2D", m.input((1, 8, 8, 4)), activation="RELU6"))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import NamedTuple

from .builder import ModelBuilder

Fill = Callable[[ModelBuilder], None]


class Case(NamedTuple):
    name: str
    fails: bool
    fill: Fill
    dtype: str
    severity: str | None  # what a failing case must be graded, None: not asserted
    consumer: str | None
    compiler: str  # the release of edgetpu_compiler it is judged for

    def builder(self) -> ModelBuilder:
        builder = ModelBuilder(self.dtype)
        self.fill(builder)
        return builder


def passing(
    fill: Fill | None = None, *, dtype: str = "INT8", consumer: str | None = None, compiler: str = "16.0"
) -> Callable[..., Fill] | Fill:
    """Mark a function whose model gives no finding of the rule."""
    return _mark(fill, False, dtype, None, consumer, compiler)


def failing(
    fill: Fill | None = None,
    *,
    dtype: str = "INT8",
    severity: str | None = None,
    consumer: str | None = None,
    compiler: str = "16.0",
) -> Callable[..., Fill] | Fill:
    """Mark a function whose model gives at least one finding of the rule (graded ``severity``)."""
    return _mark(fill, True, dtype, severity, consumer, compiler)


def _mark(
    fill: Fill | None, fails: bool, dtype: str, severity: str | None, consumer: str | None, compiler: str
) -> Callable[..., Fill] | Fill:
    def mark(function: Fill) -> Fill:
        case = Case(function.__name__, fails, function, dtype, severity, consumer, compiler)
        function.tflint_case = case  # type: ignore[attr-defined]
        return function

    return mark if fill is None else mark(fill)


def collect(module: ModuleType) -> Iterator[Case]:
    """The cases of a module in the order in which they stand."""
    for value in vars(module).values():
        case = getattr(value, "tflint_case", None)
        if isinstance(case, Case):
            yield case

"""Declaring cases of a rule: models it must name, and models it must leave alone.

A rule's ``cases.py`` holds functions that fill a :class:`~tflint_edgetpu.testing.builder.ModelBuilder`::

    @failing
    def pool_with_relu6(m: ModelBuilder) -> None:
        m.output(m.pool("MAX_POOL_2D", m.input((1, 8, 8, 4)), activation="RELU6"))

A rule about what the compiler said or made gets a log as text or a function that fills the compiled twin.
A case whose function adds nothing is examined without a model, as a log alone is::

    @failing(log="Internal compiler error. Aborting!")
    def crash(m: ModelBuilder) -> None:
        pass

A rule about scripts gets one as text: ``@failing(script="...")``. With ``path="x.ipynb"`` the text is a notebook, see
:mod:`tflint_edgetpu.testing.notebooks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from .builder import ModelBuilder

if TYPE_CHECKING:
    from ..lint.context import Context

Fill = Callable[[ModelBuilder], None]


class Case(NamedTuple):
    name: str
    fails: bool
    fill: Fill
    dtype: str
    severity: str | None  # what a failing case must be graded, None: not asserted
    consumer: str | None
    compiler: str  # the release of edgetpu_compiler it is judged for
    log: str | None = None  # what the compiler printed
    compiled: Fill | None = None  # fills the compiled twin
    path: str | None = None  # the name of the model's file
    converter: str | None = None  # what TensorFlow's converter printed when it made the model
    script: str | None = None  # a Python script, or the text of a notebook where ``path`` says so

    def context(self) -> Context:
        """All that a rule may ask about the case."""
        from ..edgetpu.compiled import read_compiled
        from ..edgetpu.log import read_log
        from ..edgetpu.target import COMPILERS
        from ..lint.context import Context
        from ..script.converter_output import converter_messages

        script = None
        if self.script is not None:
            from ..script.script import read_script

            script = read_script(self.script.encode(), self.path or "script.py")
        builder = self.builder()
        model = builder.model() if builder.subgraph.tensors else None
        if model is not None:
            model.path = self.path
        twin = None
        if self.compiled is not None:
            other = ModelBuilder(self.dtype)
            self.compiled(other)
            twin = read_compiled(other.model())
        return Context(
            model,
            consumer=self.consumer,
            target=COMPILERS[self.compiler],
            log=None if self.log is None else read_log(self.log.encode()),
            compiled=twin,
            converter=converter_messages(self.converter or ""),
            script=script,
        )

    def builder(self) -> ModelBuilder:
        builder = ModelBuilder(self.dtype)
        self.fill(builder)
        return builder


def passing(
    fill: Fill | None = None,
    *,
    dtype: str = "INT8",
    consumer: str | None = None,
    compiler: str = "16.0",
    log: str | None = None,
    compiled: Fill | None = None,
    path: str | None = None,
    converter: str | None = None,
    script: str | None = None,
) -> Callable[..., Fill] | Fill:
    """Mark a function whose model gives no finding of the rule."""
    case = Case("", False, _nothing, dtype, None, consumer, compiler, log, compiled, path, converter, script)
    return _mark(fill, case)


def failing(
    fill: Fill | None = None,
    *,
    dtype: str = "INT8",
    severity: str | None = None,
    consumer: str | None = None,
    compiler: str = "16.0",
    log: str | None = None,
    compiled: Fill | None = None,
    path: str | None = None,
    converter: str | None = None,
    script: str | None = None,
) -> Callable[..., Fill] | Fill:
    """Mark a function whose model gives at least one finding of the rule (graded ``severity``)."""
    case = Case(
        "", True, _nothing, dtype, severity, consumer, compiler, log, compiled, path, converter, script
    )
    return _mark(fill, case)


def _nothing(m: ModelBuilder) -> None:
    """Stands for the function that is being marked."""


def _mark(fill: Fill | None, case: Case) -> Callable[..., Fill] | Fill:
    def mark(function: Fill) -> Fill:
        marked = case._replace(name=function.__name__, fill=function)
        function.tflint_case = marked  # type: ignore[attr-defined]
        return function

    return mark if fill is None else mark(fill)


def collect(module: ModuleType) -> Iterator[Case]:
    """The cases of a module in the order in which they stand."""
    for value in vars(module).values():
        case = getattr(value, "tflint_case", None)
        if isinstance(case, Case):
            yield case

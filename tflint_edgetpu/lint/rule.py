"""What a rule is: one file, whose docstring is its page, with a pure generator of findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Union

from ..model.graph import Operator, Tensor
from ..model.record import NamedTuple
from .finding import (
    MODEL_LOCATION,
    Certainty,
    Finding,
    Fix,
    Location,
    Severity,
    operator_location,
    tensor_location,
)

if TYPE_CHECKING:
    from ..edgetpu.compiled import CompiledModel
    from ..edgetpu.log import CompilerLog
    from ..script.converter_output import ConverterMessage
    from ..script.script import Script
    from .context import Context

Where = Union[Location, Operator, Tensor]


class RuleMeta(NamedTuple):
    """``code``: three letters of the family and three digits. ``name``: the pattern found, in kebab case,
    never the cure. ``covers``: the rows of the failure catalogue that the rule answers."""

    code: str
    name: str
    severity: Severity  # the highest one the rule uses
    certainty: Certainty
    fixable: bool = False  # whether it ever offers a fix that can be applied
    references: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()  # codes and names it had before; settings that say these still work


class Rule:
    """Base of all rules. A subclass overrides one or more of the ``check_*`` methods.

    A general rule runs after all others and skips the operators they explained
    (:meth:`Context.is_explained`), so that one cause gives one finding.
    """

    meta: ClassVar[RuleMeta]
    operators: ClassVar[frozenset[str]] = frozenset()  # kinds for check_operator; empty: all of them
    general: ClassVar[bool] = False
    explains: ClassVar[bool] = True  # whether its findings say why the operators they name do not map
    on_compiled: ClassVar[bool] = False  # whether it has something to say about a compiled file

    def check_model(self, context: Context) -> Iterator[Finding]:
        """Called once for a model."""
        return iter(())

    def check_operator(self, operator: Operator, context: Context) -> Iterator[Finding]:
        """Called for each operator of the main subgraph whose kind is in :attr:`operators`."""
        return iter(())

    def check_log(self, log: CompilerLog, context: Context) -> Iterator[Finding]:
        """Called once for a compiler log, alone (:attr:`Context.has_model` is false) or beside its model."""
        return iter(())

    def check_compiled(self, compiled: CompiledModel, context: Context) -> Iterator[Finding]:
        """Called once for a compiled file, alone or beside the model it was made from."""
        return iter(())

    def check_converter(self, messages: Sequence[ConverterMessage], context: Context) -> Iterator[Finding]:
        """Called once with what TensorFlow's converter printed when it made the model."""
        return iter(())

    def check_script(self, script: Script, context: Context) -> Iterator[Finding]:
        """Called once for a Python script or a notebook. A rule that its plugin defers needs the trait ``script``."""
        return iter(())

    @classmethod
    def finding(
        cls,
        where: Where | Iterable[Where] | None,
        message: str,
        *,
        severity: Severity | None = None,
        certainty: Certainty | None = None,
        cost: str | None = None,
        related: Iterable[Where] = (),
        evidence: Mapping[str, Any] | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """A finding of this rule; ``where`` is one place or several, ``None`` for the model as a whole."""
        return Finding(
            cls.meta.code,
            cls.meta.name,
            cls.meta.severity if severity is None else severity,
            certainty or cls.meta.certainty,
            message,
            cost,
            _locations(where),
            _locations(related),
            evidence or {},
            fix,
        )


def _locations(where: Where | Iterable[Where] | None) -> tuple[Location, ...]:
    if where is None:
        return (MODEL_LOCATION,)
    # Locations, operators and tensors are tuples too: they are asked for first.
    if isinstance(where, (Location, Operator, Tensor)):
        return (_location(where),)
    return tuple(_location(place) for place in where)


def _location(where: Where) -> Location:
    if isinstance(where, Location):
        return where
    return operator_location(where) if isinstance(where, Operator) else tensor_location(where)

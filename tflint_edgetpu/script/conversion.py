"""One converter of a script: how it was made, what is set on it, where it runs."""

from __future__ import annotations

import ast

from ..model.record import NamedTuple
from .names import Scope, Span

# Only the converter of TensorFlow 1 takes these.
FIRST_GENERATION = frozenset(("from_frozen_graph", "from_session", "from_keras_model_file"))


class Item(NamedTuple):
    """One element of a setting's list: ``name`` is its last part (``TFLITE_BUILTINS_INT8``), empty for what is no
    name; ``span`` where the element itself stands in a list written out, as an edit needs it.
    """

    name: str
    path: str
    span: Span | None


class Setting(NamedTuple):
    """One assignment to an attribute, or a call that stands for one."""

    name: str  # 'optimizations', 'target_spec.supported_ops' ...
    span: Span  # of the whole statement
    value: ast.expr
    scope: Scope
    items: tuple[Item, ...] | None  # None: not known
    constant: object
    conditional: bool
    adds: bool  # to what was set before: append(), +=


class Run(NamedTuple):
    """A call of convert(). ``statement``: the one that it stands in; ``result``: the name its bytes are given;
    ``receiver``: what the converter is called there.
    """

    statement: Span
    result: str
    scope: Scope
    receiver: str


class Conversion:
    """One converter."""

    def __init__(
        self, variable: str, constructor: str, path: str, span: Span, scope: Scope, node: ast.Call
    ) -> None:
        self.variable = variable  # empty where it never had a name
        self.constructor = constructor
        self.first_generation = "compat.v1" in path or constructor in FIRST_GENERATION
        self.span = span
        self.scope = scope
        self.node = node
        self.settings: dict[str, list[Setting]] = {}
        self.runs: list[Run] = []
        self.tensorflow: str | None = None  # how this code spells TensorFlow; None: it has no name for it
        self.late: list[Setting] = []  # made after the last run: they have no effect
        self.is_opaque = False  # given to code outside of this file, which may set anything

    def as_it_goes_on(self) -> Conversion:
        """The same converter after it has run: what is set from now on is for the next run."""
        again = Conversion(self.variable, self.constructor, "", self.span, self.scope, self.node)
        again.first_generation = self.first_generation
        again.tensorflow = self.tensorflow
        again.is_opaque = self.is_opaque
        again.settings = {name: list(settings) for name, settings in self.settings.items()}
        return again

    def last(self, name: str) -> Setting | None:
        """The assignment that holds in the end."""
        found = self.settings.get(name)
        return found[-1] if found else None

    def every(self, name: str) -> list[Setting]:
        """All assignments, those of branches included."""
        return self.settings.get(name, [])

    def integer_sets(self) -> frozenset[str]:
        """The operator sets where integers are asked for: those of the last assignment that holds
        TFLITE_BUILTINS_INT8, and what is added behind it. All of them where there is none.
        """
        found: set[str] = set()
        asked = False
        for setting in self.every("target_spec.supported_ops"):
            named = {item.name for item in setting.items or ()}
            if "TFLITE_BUILTINS_INT8" in named and not setting.adds:
                found, asked = named, True
            elif setting.adds or not asked:
                found |= named
        return frozenset(found)

    def names(self, name: str) -> frozenset[str]:
        """The last parts of all that ``name`` is ever set to."""
        return frozenset(item.name for setting in self.every(name) for item in setting.items or ())

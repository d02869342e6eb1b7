"""Rules that are imported only where they can find something.

Importing a rule takes longer than running it, and most rules have nothing to say about most models.  A plugin may
list the files of its rules together with what each one needs; the file's name gives the rule's code and name.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Union

from ..model.record import NamedTuple
from .rule import Rule

ALWAYS = ""


class DeferredRule(NamedTuple):
    """The rule in the module ``package.file``, such as ``iob001_float_input``."""

    package: str
    file: str
    needs: frozenset[str]  # one of these traits of a file is enough; empty: always wanted

    @property
    def code(self) -> str:
        return self.file.partition("_")[0].upper()

    @property
    def name(self) -> str:
        return self.file.partition("_")[2].replace("_", "-")

    def concerns(self, traits: frozenset[str]) -> bool:
        """Whether the rule can find anything in a file with these traits, see :attr:`Context.traits`."""
        return not self.needs or not self.needs.isdisjoint(traits)

    def load(self) -> type[Rule]:
        """Import it; raises ImportError where the file holds no rule of this code."""
        module = import_module(f"{self.package}.{self.file}")
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and issubclass(value, Rule)
                and value.__module__ == module.__name__
                and value.meta.code == self.code
            ):
                return value
        raise ImportError(f"there is no rule {self.code} in {module.__name__}")


ListedRule = Union[type[Rule], DeferredRule]


def deferred_rules(package: str, files: Mapping[str, str]) -> list[DeferredRule]:
    """``files``: the module of each rule, and the traits it needs, as words: ``{"ops003_leaky_relu":
    "LEAKY_RELU"}``. :data:`ALWAYS` where nothing can be said beforehand.
    """
    return [DeferredRule(package, file, frozenset(needs.split())) for file, needs in files.items()]

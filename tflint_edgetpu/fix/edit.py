"""What an edit kind is: one small function that changes a tree, and what it claims about the numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..lint.finding import Safety

if TYPE_CHECKING:
    from .tree import Tree


class EditRefused(Exception):
    """The edit does not fit what stands at its ref; the text says why.

    An edit checks everything before it changes anything: a refused one has left the tree as it was."""


class EditKind(NamedTuple):
    """``apply(tree, ref, values)`` changes the tree or raises :class:`EditRefused`.

    ``safety`` SAFE claims bit-identical outputs, and verification holds it to that. ``bound`` is what an
    UNSAFE edit may move an output by, in quantization steps of that output.
    """

    slug: str
    safety: Safety
    reason: str  # why it is safe or not, for the reader of a report
    apply: Callable[[Tree, str, Mapping[str, Any]], None]
    bound: float = 0.0

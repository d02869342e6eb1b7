"""The hooks of the entry-point group ``tflint_edgetpu``. Each returns a list; import inside the function."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pluggy

from .entry_points import GROUP

if TYPE_CHECKING:
    from ..edgetpu.support.constraint import Constraint
    from .deferred import ListedRule

hookspec = pluggy.HookspecMarker(GROUP)


@hookspec
def tflint_rules() -> Iterable[ListedRule]:  # type: ignore[empty-body]
    """Rules this plugin adds: classes, or :func:`deferred_rules` where there are many."""


@hookspec
def tflint_constraints() -> Iterable[Constraint]:  # type: ignore[empty-body]
    """Constraints of the Edge TPU this plugin knows beyond the built-in ones."""


@hookspec
def tflint_reporters() -> Iterable[Any]:  # type: ignore[empty-body]
    """Output formats this plugin adds, see :mod:`tflint_edgetpu.report.reporter`."""


@hookspec
def tflint_fixers() -> Iterable[Any]:  # type: ignore[empty-body]
    """Edit kinds this plugin adds, see :mod:`tflint_edgetpu.fix`."""

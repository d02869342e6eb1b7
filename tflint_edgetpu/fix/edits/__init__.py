"""The edit kinds, one file each."""

from __future__ import annotations

from collections.abc import Iterable

from ..edit import EditKind
from . import nearest_upsampling, strip_boundary

BUILT_IN: tuple[EditKind, ...] = (*nearest_upsampling.EDITS, *strip_boundary.EDITS)


def edit_kinds(extra: Iterable[EditKind] = ()) -> dict[str, EditKind]:
    """Slug -> kind, with those of plugins; raises ValueError where two share a slug."""
    kinds: dict[str, EditKind] = {}
    for kind in (*BUILT_IN, *extra):
        if kind.slug in kinds:
            raise ValueError(f"two edit kinds are called {kind.slug}")
        kinds[kind.slug] = kind
    return kinds

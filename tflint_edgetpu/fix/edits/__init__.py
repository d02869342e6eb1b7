"""The edit kinds, one file each."""

from __future__ import annotations

from collections.abc import Iterable

from ..edit import EditKind
from . import (
    activations,
    batch_matmul,
    batch_split,
    bias_scale,
    cut_tail,
    dense_weights,
    detection_order,
    detection_outputs,
    dilation,
    flip_signedness,
    float_island,
    freeze_batch,
    grouped_convolution,
    large_mean,
    moved_in_float,
    nearest_upsampling,
    operator_codes,
    paddings,
    resize_flags,
    separate_outputs,
    strip_boundary,
    transposed_island,
    transposes,
    unfuse_activation,
    unpack,
)

BUILT_IN: tuple[EditKind, ...] = (
    *activations.EDITS,
    *batch_matmul.EDITS,
    *batch_split.EDITS,
    *bias_scale.EDITS,
    *cut_tail.EDITS,
    *dense_weights.EDITS,
    *detection_order.EDITS,
    *detection_outputs.EDITS,
    *dilation.EDITS,
    *flip_signedness.EDITS,
    *float_island.EDITS,
    *freeze_batch.EDITS,
    *grouped_convolution.EDITS,
    *large_mean.EDITS,
    *moved_in_float.EDITS,
    *nearest_upsampling.EDITS,
    *operator_codes.EDITS,
    *paddings.EDITS,
    *resize_flags.EDITS,
    *separate_outputs.EDITS,
    *strip_boundary.EDITS,
    *transposed_island.EDITS,
    *transposes.EDITS,
    *unfuse_activation.EDITS,
    *unpack.EDITS,
)


def edit_kinds(extra: Iterable[EditKind] = ()) -> dict[str, EditKind]:
    """Slug -> kind, with those of plugins; raises ValueError for what is no kind and where two share a slug."""
    kinds: dict[str, EditKind] = {}
    for kind in (*BUILT_IN, *extra):
        if not isinstance(kind, EditKind):
            raise ValueError(f"a plugin gave {kind!r:.80} for an edit kind; it must be an EditKind")
        if kind.slug in kinds:
            raise ValueError(f"two edit kinds are called {kind.slug}")
        kinds[kind.slug] = kind
    return kinds

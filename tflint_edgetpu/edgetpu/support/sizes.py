"""Which constraints are limits of size: a smaller model is within them, without any change to its graph."""

from __future__ import annotations

from . import dense, reduction, relayout

SIZE_LIMITS = frozenset(
    limit.slug
    for limit in (
        dense.outputs_are_few_enough,
        reduction.a_mean_averages_few_enough_pixels,
        reduction.a_softmax_is_short_enough,
        relayout.a_transpose_fits_one_tile,
        relayout.a_reshape_fits_its_tiles,
        relayout.a_resize_fits_its_tiles,
        relayout.a_single_row_fits_one_tile,
        relayout.a_single_row_fits_one_tile_too,
    )
)

"""Clear half_pixel_centers of a nearest-neighbour resize where it changes nothing.

For an integer factor of enlargement both conventions pick the same source pixel.  Compilers up to 15.0 do
not take the flag; 16.0 does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...lint.finding import Safety
from ..edit import EditKind, EditRefused
from ..tree import Tree


def clear(tree: Tree, ref: str, values: Mapping[str, Any]) -> None:
    """``ref`` is the RESIZE_NEAREST_NEIGHBOR."""
    node = tree.operator(ref)
    if node not in tree.main.operators or node.kind != "RESIZE_NEAREST_NEIGHBOR":
        raise EditRefused("there is no RESIZE_NEAREST_NEIGHBOR any more")
    source, result = node.inputs[0], node.outputs[0]
    if not node.options.halfPixelCenters or node.options.alignCorners:
        raise EditRefused("half_pixel_centers is not set, or align_corners is")
    if source is None or len(source.shape) != 4 or len(result.shape) != 4:
        raise EditRefused("the image has not four dimensions")
    for small, large in zip(source.shape[1:3], result.shape[1:3], strict=True):
        if small <= 0 or large % small:
            raise EditRefused(f"{large} is no multiple of {small}: the flag changes the result")
    node.options.halfPixelCenters = False
    node.version = 2 if source.dtype == "INT8" else 1


EDITS = (
    EditKind(
        "clear-half-pixel-centers",
        Safety.SAFE,
        "for an integer factor both conventions pick the same pixel",
        clear,
    ),
)

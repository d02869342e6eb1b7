"""How activations lie in the memory of the tiles.

A tensor is seen as rows x columns x channels, its three innermost dimensions.  Rows and columns are spread
over the grid of tiles, channels stay together and are padded to words (the layouts of outputs in compiled
files say so).  A tensor of a single row is not spread: whatever moves its data needs it on one tile.  That
last point was read off the limits of RESHAPE, CONCATENATION, STRIDED_SLICE, LOGISTIC and QUANTIZE in logs.
"""

from __future__ import annotations

from .target import TILE_COLUMNS, TILE_ROWS, WORD

Shape = tuple[int, ...]


def rows_columns_channels(shape: Shape) -> tuple[int, int, int]:
    """The three innermost dimensions; missing ones and unknown sizes count as 1."""
    rows, columns, channels = shape[-3:] if len(shape) > 2 else (1, 1, 1, *shape)[-3:]
    return max(rows, 1), max(columns, 1), max(channels, 1)


def stored_bytes(shape: Shape) -> int:
    """Bytes of an 8-bit tensor with its channels padded to words."""
    rows, columns, channels = rows_columns_channels(shape)
    return rows * columns * _round_up(channels, WORD)


def is_one_row(shape: Shape) -> bool:
    return rows_columns_channels(shape)[0] == 1


def bytes_on_fullest_tile(shape: Shape) -> int:
    """Bytes of an 8-bit tensor on the tile that holds most of it; all of them for a tensor of one row."""
    rows, columns, channels = rows_columns_channels(shape)
    if rows == 1:
        return columns * _round_up(channels, WORD)
    return -(-rows // TILE_ROWS) * -(-columns // TILE_COLUMNS) * _round_up(channels, WORD)


def _round_up(size: int, step: int) -> int:
    return -(-size // step) * step

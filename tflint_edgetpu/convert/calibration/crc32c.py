"""CRC-32C (Castagnoli), the checksum of TFRecord files."""

from __future__ import annotations

import numpy as np

_POLYNOMIAL = 0x82F63B78  # bits reversed
# From this many bytes on, many parts at once are faster than one byte after the other.
_LARGE = 2**17
_PARTS = 1024


def _table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (_POLYNOMIAL if byte & 1 else 0)
        table.append(byte)
    return tuple(table)


_TABLE = _table()


def crc32c(data: bytes) -> int:
    """CRC-32C of ``data``: 8 MiB a second byte by byte, large data several times as fast."""
    if len(data) >= _LARGE:
        return _in_parts(data)
    crc, table = 0xFFFFFFFF, _TABLE
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _in_parts(data: bytes) -> int:
    """Equal parts side by side, put together afterwards.

    A checksum that starts at 0 is linear, and zeros before the data do not change it.  Starting at all ones is
    starting at 0 with the first four bytes inverted.  Beside the parts run the 32 single bits: they show what the
    length of one part does to a checksum.
    """
    length = -(-len(data) // _PARTS)
    padded = np.zeros(_PARTS * length, dtype=np.uint8)
    padded[-len(data) :] = np.frombuffer(data, dtype=np.uint8)
    padded[-len(data) : -len(data) + 4] ^= 0xFF
    columns = np.zeros((length, _PARTS + 32), dtype=np.uint32)
    columns[:, :_PARTS] = padded.reshape(_PARTS, length).T
    state = np.zeros(_PARTS + 32, dtype=np.uint32)
    state[_PARTS:] = np.uint32(1) << np.arange(32, dtype=np.uint32)
    table = np.array(_TABLE, dtype=np.uint32)
    for column in columns:
        state = table[(state ^ column) & 0xFF] ^ (state >> np.uint32(8))
    moved = [int(bit) for bit in state[_PARTS:]]
    crc = 0
    for part in state[:_PARTS]:
        following = int(part)
        for bit in range(32):
            if crc >> bit & 1:
                following ^= moved[bit]
        crc = following
    return crc ^ 0xFFFFFFFF

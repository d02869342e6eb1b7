"""A bounds-checked reader for FlexBuffers, the format of custom operators' options.

Source: https://flatbuffers.dev/internals/#flexbuffers.  A value is a byte width, a packed type and a
position; the root's stand in the last bytes of the buffer.  Maps come out as ``dict``, vectors as
``list``, strings and blobs as ``bytes`` (compiled Edge TPU packages are stored as strings).
"""

from __future__ import annotations

from struct import Struct
from typing import Any, TypeAlias

from .errors import ReadError

FlexValue: TypeAlias = "bool | int | float | bytes | str | list[Any] | dict[str, Any] | None"

_SIGNED = {1: Struct("<b"), 2: Struct("<h"), 4: Struct("<i"), 8: Struct("<q")}
_UNSIGNED = {1: Struct("<B"), 2: Struct("<H"), 4: Struct("<I"), 8: Struct("<Q")}
_FLOAT = {2: Struct("<e"), 4: Struct("<f"), 8: Struct("<d")}

_NULL, _INT, _UINT, _FLOAT_TYPE, _KEY, _STRING = 0, 1, 2, 3, 4, 5
_INDIRECT = {6: _INT, 7: _UINT, 8: _FLOAT_TYPE}
_MAP, _VECTOR = 9, 10
_TYPED_VECTOR = {11: _INT, 12: _UINT, 13: _FLOAT_TYPE, 14: _KEY, 15: _STRING, 36: 26}
_FIXED_VECTOR = {16 + 3 * (n - 2) + i: (t, n) for n in (2, 3, 4) for i, t in enumerate((1, 2, 3))}
_BLOB, _BOOL = 25, 26

MAX_DEPTH = 16
# Custom operators carry some dozen values; an Edge TPU package of megabytes is a single one.
MAX_VALUES = 2**18


def read_flexbuffer(data: bytes) -> FlexValue:
    """Decode ``data``; raises :class:`ReadError` for what is no FlexBuffer."""
    return _Reader(data).root()


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.budget = min(4 * len(data) + 1024, MAX_VALUES)  # values decoded, shared vectors each time

    def root(self) -> FlexValue:
        if len(self.data) < 3:
            raise ReadError("a FlexBuffer has at least 3 bytes", 0)
        packed, width = self.data[-2], self.data[-1]
        return self._value(len(self.data) - 2 - width, width, packed, 0)

    def _read(self, layouts: dict[int, Struct], position: int, width: int) -> Any:
        layout = layouts.get(width)
        if layout is None or position < 0 or position + width > len(self.data):
            raise ReadError(f"a FlexBuffer value of width {width} lies outside its buffer", position)
        return layout.unpack_from(self.data, position)[0]

    def _follow(self, position: int, width: int) -> int:
        target = position - int(self._read(_UNSIGNED, position, width))
        if target < 0:
            raise ReadError("a FlexBuffer offset points before its buffer", position)
        return target

    def _value(self, position: int, width: int, packed: int, depth: int) -> FlexValue:
        self.budget -= 1
        if self.budget < 0 or depth > MAX_DEPTH:
            raise ReadError("a FlexBuffer is nested or shared without end", position)
        kind, child = packed >> 2, 1 << (packed & 3)
        if kind == _NULL:
            return None
        if kind in (_INT, _UINT, _FLOAT_TYPE, _BOOL):
            return self._number(kind, position, width)
        target = self._follow(position, width)
        if kind in _INDIRECT:
            return self._number(_INDIRECT[kind], target, child)
        if kind == _KEY:
            return self._key(target)
        if kind in (_STRING, _BLOB):
            return self._bytes(target, child)
        if kind == _MAP:
            return self._map(target, child, depth)
        if kind == _VECTOR:
            return self._vector(target, child, depth)
        if kind in _TYPED_VECTOR:
            count = self._length(target, child)
            return self._typed(_TYPED_VECTOR[kind], target, child, count, depth)
        if kind in _FIXED_VECTOR:
            element, count = _FIXED_VECTOR[kind]
            return self._typed(element, target, child, count, depth)
        raise ReadError(f"FlexBuffer type {kind} does not exist", position)

    def _number(self, kind: int, position: int, width: int) -> bool | int | float:
        if kind == _BOOL:
            return bool(self._read(_UNSIGNED, position, width))
        number: int | float = self._read(
            {_INT: _SIGNED, _UINT: _UNSIGNED, _FLOAT_TYPE: _FLOAT}[kind], position, width
        )
        return number

    def _length(self, target: int, width: int, item: int | None = None) -> int:
        count = int(self._read(_UNSIGNED, target - width, width))
        if target + count * (width if item is None else item) > len(self.data):
            raise ReadError(f"a FlexBuffer list of {count:,} entries does not fit its buffer", target)
        return count

    def _bytes(self, target: int, width: int) -> bytes:
        return self.data[target : target + self._length(target, width, 1)]

    def _key(self, target: int) -> str:
        end = self.data.find(b"\0", target)
        if end < 0:
            raise ReadError("a FlexBuffer key has no end", target)
        self.budget -= end - target
        return self.data[target:end].decode("utf-8", "backslashreplace")

    def _typed(self, kind: int, target: int, width: int, count: int, depth: int) -> list[FlexValue]:
        if target + count * width > len(self.data):
            raise ReadError(f"a FlexBuffer list of {count} entries does not fit its buffer", target)
        packed = kind << 2  # strings and keys inside typed vectors have width 1
        return [self._value(target + i * width, width, packed, depth + 1) for i in range(count)]

    def _vector(self, target: int, width: int, depth: int) -> list[FlexValue]:
        count = self._length(target, width)
        types = target + count * width
        if types + count > len(self.data):
            raise ReadError(f"a FlexBuffer list of {count:,} entries does not fit its buffer", target)
        return [self._value(target + i * width, width, self.data[types + i], depth + 1) for i in range(count)]

    def _map(self, target: int, width: int, depth: int) -> dict[str, FlexValue]:
        keys_width = int(self._read(_UNSIGNED, target - 2 * width, width))
        keys = self._follow(target - 3 * width, width)
        values = self._vector(target, width, depth)
        if self._length(keys, keys_width) < len(values):
            raise ReadError("a FlexBuffer map has fewer keys than values", keys)
        names = [self._key(self._follow(keys + i * keys_width, keys_width)) for i in range(len(values))]
        return dict(zip(names, values, strict=True))

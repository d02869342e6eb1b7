"""Reading flatbuffer tables when every byte may lie.

A flatbuffer is a web of offsets.  Each offset, vtable and vector length is checked against the file
before it is followed.  The format lets many tables point at the same bytes, so a small file can
describe a huge model: what is decoded is therefore counted, aliased or not, and may not exceed a
small multiple of the file's size.  The schema of TFLite has no recursion that could be abused.
"""

from __future__ import annotations

from struct import Struct
from typing import Any

from .errors import ReadError
from .source import ByteSource

_U8 = Struct("<B")
_I8 = Struct("<b")
_U16 = Struct("<H")
_I16 = Struct("<h")
_I32 = Struct("<i")
_U32 = Struct("<I")
_U64 = Struct("<Q")
_I64 = Struct("<q")
_F32 = Struct("<f")
_VTABLE = Struct("<HH")

# Slots that any table of the schema has; a longer vtable is legal and read no further.
_SLOTS_READ = 24
# Honest writers share vtables and some strings and vectors. Over the models of a real corpus the bytes
# decoded (weights are not) stay below the size of the file; twice that, and a little for tiny files.
_BUDGET_PER_BYTE = 2
_BUDGET_FLOOR = 2**16


class Flatbuffer:
    """One file under decoding: its bytes, what was decoded so far, and where the reader stands."""

    def __init__(self, source: ByteSource) -> None:
        self.source = source
        self.where = "the header"
        self._vtables: dict[int, tuple[int, tuple[int, ...]]] = {}
        self._budget = _BUDGET_PER_BYTE * source.size + _BUDGET_FLOOR

    def error(self, what: str, position: int) -> ReadError:
        return ReadError(f"{self.where}: {what}", position)

    def number(self, layout: Struct, position: int) -> Any:
        try:
            return self.source.unpack(layout, position)[0]
        except ReadError as error:
            raise self.error(error.what, position) from None

    def charge(self, amount: int, position: int) -> None:
        self._budget -= amount
        if self._budget < 0:
            raise self.error(
                f"the tables of this file overlap so often that it describes more than its "
                f"{self.source.size:,} bytes can hold; no converter writes such a file",
                position,
            )

    def root(self) -> Table:
        return Table(self, self.number(_U32, 0))

    def vtable(self, position: int) -> tuple[int, tuple[int, ...]]:
        """``(object size, offset of each slot, 0 where absent)`` of the vtable at ``position``."""
        cached = self._vtables.get(position)
        if cached is None:
            try:
                size, object_size = self.source.unpack(_VTABLE, position)
                if size < 4 or size % 2 or object_size < 4:
                    raise ReadError(f"the vtable says sizes {size} and {object_size}", position)
                slots = min((size - 4) // 2, _SLOTS_READ)
                offsets = self.source.unpack(Struct(f"<{slots}H"), position + 4)
            except ReadError as error:
                raise self.error(error.what, position) from None
            cached = self._vtables[position] = (object_size, offsets)
        return cached

    def vector(self, position: int, item: int) -> tuple[int, int]:
        """``(first byte, number of items)`` of the vector at ``position`` with items of ``item`` bytes."""
        count = self.number(_U32, position)
        end = position + 4 + count * item
        if end > self.source.size:
            raise self.error(
                f"a list of {count:,} entries should end at byte {end:,}, but the file ends at byte "
                f"{self.source.size:,}: it is truncated or damaged",
                position,
            )
        return position + 4, count

    def items(self, position: int, code: str, item: int) -> tuple[Any, ...]:
        first, count = self.vector(position, item)
        self.charge(4 + count * item, position)
        return self.source.unpack(Struct(f"<{count}{code}"), first)


class Table:
    """One table of the flatbuffer; fields are read by slot, absent ones give the default."""

    __slots__ = ("_offsets", "buffer", "position")

    def __init__(self, buffer: Flatbuffer, position: int) -> None:
        self.buffer = buffer
        self.position = position
        object_size, self._offsets = buffer.vtable(position - buffer.number(_I32, position))
        buffer.charge(object_size, position)

    def field(self, slot: int) -> int:
        """Absolute position of the field, 0 where the table does not have it."""
        if slot < len(self._offsets) and (offset := self._offsets[slot]):
            return self.position + offset
        return 0

    def _scalar(self, slot: int, layout: Struct, default: Any) -> Any:
        at = self.field(slot)
        return self.buffer.number(layout, at) if at else default

    def u8(self, slot: int, default: int = 0) -> int:
        value: int = self._scalar(slot, _U8, default)
        return value

    def i8(self, slot: int, default: int = 0) -> int:
        value: int = self._scalar(slot, _I8, default)
        return value

    def i16(self, slot: int, default: int = 0) -> int:
        value: int = self._scalar(slot, _I16, default)
        return value

    def i32(self, slot: int, default: int = 0) -> int:
        value: int = self._scalar(slot, _I32, default)
        return value

    def u32(self, slot: int, default: int = 0) -> int:
        value: int = self._scalar(slot, _U32, default)
        return value

    def u64(self, slot: int, default: int = 0) -> int:
        value: int = self._scalar(slot, _U64, default)
        return value

    def i64(self, slot: int, default: int = 0) -> int:
        value: int = self._scalar(slot, _I64, default)
        return value

    def f32(self, slot: int, default: float = 0.0) -> float:
        value: float = self._scalar(slot, _F32, default)
        return value

    def boolean(self, slot: int, default: bool = False) -> bool:
        return bool(self._scalar(slot, _U8, default))

    def _target(self, slot: int) -> int:
        """Where the offset in ``slot`` points, 0 where the field is absent."""
        at = self.field(slot)
        return at + self.buffer.number(_U32, at) if at else 0

    def table(self, slot: int) -> Table | None:
        at = self._target(slot)
        return Table(self.buffer, at) if at else None

    def tables(self, slot: int) -> list[Table]:
        at = self._target(slot)
        if not at:
            return []
        first = at + 4
        offsets = self.buffer.items(at, "I", 4)
        return [Table(self.buffer, first + 4 * i + offset) for i, offset in enumerate(offsets)]

    def i32s(self, slot: int) -> tuple[int, ...] | None:
        at = self._target(slot)
        return self.buffer.items(at, "i", 4) if at else None

    def i64s(self, slot: int) -> tuple[int, ...] | None:
        at = self._target(slot)
        return self.buffer.items(at, "q", 8) if at else None

    def f32s(self, slot: int) -> tuple[float, ...] | None:
        at = self._target(slot)
        return self.buffer.items(at, "f", 4) if at else None

    def span(self, slot: int) -> tuple[int, int] | None:
        """``(first byte, length)`` of a byte vector, without reading it."""
        at = self._target(slot)
        return self.buffer.vector(at, 1) if at else None

    def spans(self, slot: int) -> list[tuple[int, int]]:
        """``(first byte, length)`` of each entry of a list of strings, without reading them."""
        at = self._target(slot)
        if not at:
            return []
        offsets = self.buffer.items(at, "I", 4)
        return [self.buffer.vector(at + 4 + 4 * i + offset, 1) for i, offset in enumerate(offsets)]

    def string(self, slot: int) -> str | None:
        """A string; bytes that are no UTF-8 come out as ``\\xNN`` so that the text can be printed."""
        span = self.span(slot)
        if span is None:
            return None
        self.buffer.charge(span[1] + 4, span[0])
        return self.buffer.source.read(*span).decode("utf-8", "backslashreplace")

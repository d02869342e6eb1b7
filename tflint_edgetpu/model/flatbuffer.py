"""Reading flatbuffer tables when every byte may lie.

A flatbuffer is a web of offsets.  Each offset, vtable and vector length is checked against the file
before it is followed.  The format lets many tables point at the same bytes, so a small file can
describe a huge model: what is decoded is therefore counted, aliased or not, and may not exceed a
small multiple of the file's size.  The schema of TFLite has no recursion that could be abused.
"""

from __future__ import annotations

from operator import itemgetter
from struct import Struct
from typing import Any

from .errors import ReadError
from .source import ByteSource

_U8 = Struct("<B")
_I8 = Struct("<b")
_I16 = Struct("<h")
_I32 = Struct("<i")
_U32 = Struct("<I")
_U64 = Struct("<Q")
_I64 = Struct("<q")
_F32 = Struct("<f")
_VTABLE = Struct("<HH")

# Slots that any table of the schema has; a longer vtable is legal and read no further.
_SLOTS_READ = 24
# What is decoded costs its bytes, and each table something more, since even the smallest becomes an object.
# Honest writers share vtables, some strings and some lists: over a corpus of real models and over generated
# ones without weights the price is at most 2.5 for a byte of the file.
_COST_OF_TABLE = 24
_BUDGET_PER_BYTE = 4
_BUDGET_FLOOR = 2**16
# More is no model: 100,000 operators with their tensors cost a sixth of it (measured). Decoded numbers take up
# to nine times their bytes in memory.
_BUDGET_MOST = 2**27

# Layouts of short vectors, which come by the thousand: struct code -> number of items -> layout.
_SHORT = 64
_LAYOUTS: dict[str, dict[int, Struct]] = {code: {} for code in "Iiqf"}
_SIZES = {"B": 1, "b": 1, "?": 1, "I": 4, "i": 4, "f": 4, "Q": 8, "q": 8, "o": 4}


class Flatbuffer:
    """One file under decoding: its bytes, what was decoded so far, and where the reader stands."""

    def __init__(self, source: ByteSource) -> None:
        self.source = source
        self.where = "the header"
        self._vtables: dict[int, tuple[int, tuple[int, ...]]] = {}
        self._budget = min(_BUDGET_PER_BYTE * source.size + _BUDGET_FLOOR, _BUDGET_MOST)

    def error(self, what: str, position: int | None) -> ReadError:
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

    def items(self, position: int, code: str) -> tuple[Any, ...]:
        """The vector of numbers at ``position``; ``code`` is that of :mod:`struct`: I, i, q or f."""
        count = self.number(_U32, position)
        if not count:
            return ()
        layout = _LAYOUTS[code].get(count)
        if layout is None:
            self.vector(position, _SIZES[code])  # the count is believed only if so much is there
            layout = Struct(f"<{count}{code}")
            if count <= _SHORT:
                _LAYOUTS[code][count] = layout
        self.charge(4 + layout.size, position)
        try:
            return self.source.unpack(layout, position + 4)
        except ReadError as error:
            raise self.error(error.what, position) from None

    def tables(self, position: int) -> list[int]:
        """The positions of the tables that the vector of offsets at ``position`` lists."""
        offsets = self.items(position, "I")
        return [position + 4 + 4 * number + offset for number, offset in enumerate(offsets)]

    def text(self, position: int) -> str:
        """The string at ``position``; bytes that are no UTF-8 come out as ``\\xNN``, fit to be printed."""
        start, length = self.vector(position, 1)
        self.charge(length + 4, position)
        try:
            return self.source.read(start, length).decode("utf-8", "backslashreplace")
        except ReadError as error:
            raise self.error(error.what, position) from None


class Fields:
    """Decodes tables of one kind: all wanted fields of a table in one step, for tables that come by the
    thousand.

    ``wanted`` holds ``(slot, code, default)`` of each field: a code of :mod:`struct`, or ``o`` for an
    offset, which comes out as the absolute position it points to, 0 where the table does not have it.
    Tables share their vtable with many others, so each vtable is translated once into a layout.
    """

    def __init__(self, buffer: Flatbuffer, wanted: tuple[tuple[int, str, Any], ...]) -> None:
        self._buffer = buffer
        self._wanted = wanted
        self._defaults = tuple(default for _, _, default in wanted)
        self._plans: dict[int, tuple[Struct, itemgetter[Any], int, list[tuple[int, int]]]] = {}

    def at(self, position: int) -> list[Any]:
        """The fields of the table at ``position``, in the order in which they were wanted."""
        buffer = self._buffer
        unpack = buffer.source.unpack
        try:
            vtable = position - unpack(_I32, position)[0]
        except ReadError as error:
            raise buffer.error(error.what, position) from None
        plan = self._plans.get(vtable)
        if plan is None:
            plan = self._plans[vtable] = self._plan(vtable)
        layout, pick, size, offsets = plan
        buffer.charge(size + _COST_OF_TABLE, position)
        try:
            values = list(pick(unpack(layout, position) + self._defaults))
        except ReadError as error:
            raise buffer.error(error.what, position) from None
        for index, offset in offsets:
            if not values[index]:
                raise buffer.error("an offset is 0: the file is damaged", position + offset)
            values[index] += position + offset
        return values

    def _plan(self, vtable: int) -> tuple[Struct, itemgetter[Any], int, list[tuple[int, int]]]:
        object_size, slots = self._buffer.vtable(vtable)
        present = sorted(
            (slots[slot], index, code)
            for index, (slot, code, _) in enumerate(self._wanted)
            if slot < len(slots) and slots[slot]
        )
        layout, end = "<", 0
        chosen = list(range(len(present), len(present) + len(self._wanted)))
        for number, (offset, index, code) in enumerate(present):
            if offset < end:
                raise self._buffer.error("a vtable gives two fields the same bytes", vtable)
            layout += f"{offset - end}x{'I' if code == 'o' else code}"
            end = offset + _SIZES[code]
            chosen[index] = number
        offsets = [(index, offset) for offset, index, code in present if code == "o"]
        return Struct(layout), _picker(chosen), object_size, offsets


def _picker(chosen: list[int]) -> itemgetter[Any]:
    """Picks ``chosen`` as a tuple; a single one would not come out as one, so it is picked as a slice."""
    if len(chosen) == 1:
        return itemgetter(slice(chosen[0], chosen[0] + 1))
    return itemgetter(*chosen)


class Table:
    """One table, for those that are few: fields are read by slot, absent ones give the default."""

    __slots__ = ("_offsets", "buffer", "position")

    def __init__(self, buffer: Flatbuffer, position: int) -> None:
        self.buffer = buffer
        self.position = position
        object_size, self._offsets = buffer.vtable(position - buffer.number(_I32, position))
        buffer.charge(object_size + _COST_OF_TABLE, position)

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

    def target(self, slot: int) -> int:
        """Where the offset in ``slot`` points, 0 where the field is absent."""
        at = self.field(slot)
        return at + self.buffer.number(_U32, at) if at else 0

    def table(self, slot: int) -> Table | None:
        at = self.target(slot)
        return Table(self.buffer, at) if at else None

    def tables(self, slot: int) -> list[Table]:
        return [Table(self.buffer, position) for position in self.positions(slot)]

    def positions(self, slot: int) -> list[int]:
        """The positions of a list of tables, without reading them."""
        at = self.target(slot)
        return self.buffer.tables(at) if at else []

    def i32s(self, slot: int) -> tuple[int, ...] | None:
        at = self.target(slot)
        return self.buffer.items(at, "i") if at else None

    def span(self, slot: int) -> tuple[int, int] | None:
        """``(first byte, length)`` of a byte vector, without reading it."""
        at = self.target(slot)
        return self.buffer.vector(at, 1) if at else None

    def spans(self, slot: int) -> list[tuple[int, int]]:
        """``(first byte, length)`` of each entry of a list of strings, without reading them."""
        return [self.buffer.vector(position, 1) for position in self.positions(slot)]

    def string(self, slot: int) -> str | None:
        """A string; bytes that are no UTF-8 come out as ``\\xNN`` so that the text can be printed."""
        at = self.target(slot)
        return self.buffer.text(at) if at else None

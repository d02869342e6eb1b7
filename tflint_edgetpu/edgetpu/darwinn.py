"""The package inside a compiled model: what the Edge TPU's runtime is handed.

Source: ``executable/executable.fbs`` of google-coral/libedgetpu.  A ``Package`` (file identifier
``DWN1``) holds a serialized ``MultiExecutable``, which holds serialized ``Executable`` s: usually a pair,
one that loads parameters into the on-chip memory and one that runs.  The instructions are not read.
"""

from __future__ import annotations

from struct import Struct
from typing import Any

from ..model.errors import ReadError
from ..model.flatbuffer import Flatbuffer, Table
from ..model.record import NamedTuple
from ..model.source import ByteSource, MemorySource

FILE_IDENTIFIER = b"DWN1"

STAND_ALONE, PARAMETER_CACHING, EXECUTION_ONLY = "stand_alone", "parameter_caching", "execution_only"
_EXECUTABLE_TYPES = (STAND_ALONE, PARAMETER_CACHING, EXECUTION_ONLY)

_DATA_TYPES = {
    0: "UINT8", 1: "UINT16", 2: "INT32", 3: "BFLOAT16", 4: "FLOAT16", 5: "FLOAT32", 8: "INT8", 9: "INT16",
}  # fmt: skip


class _PackageSlot:
    MIN_RUNTIME_VERSION = 0
    SERIALIZED_MULTI_EXECUTABLE = 1
    COMPILER_VERSION = 4
    MULTI_CHIP_PACKAGE = 6
    MODEL_IDENTIFIER = 7


class _ExecutableSlot:
    NAME = 1
    BATCH_SIZE = 3
    SCRATCH_SIZE_BYTES = 4
    PARAMETERS = 6
    INPUT_LAYERS = 8
    OUTPUT_LAYERS = 9
    CHIP = 10
    ESTIMATED_CYCLES = 11
    USED_NARROW_MEMORY = 12
    TYPE = 13
    PARAMETER_CACHING_TOKEN = 14
    ESTIMATED_CYCLES_64 = 16


class _LayerSlot:
    NAME = 0
    SIZE_BYTES = 1
    Y_DIM = 2
    X_DIM = 3
    Z_DIM = 4
    NUMERICS = 5
    DATA_TYPE = 6


class Layer(NamedTuple):
    """An input or output of the Edge TPU's part. LSTM state is one too (``..._variable_output``)."""

    name: str
    shape: tuple[int, int, int]  # y, x, z
    dtype: str
    bytes: int  # with padding


class Executable(NamedTuple):
    kind: str  # stand_alone, parameter_caching or execution_only
    name: str
    chip: str
    batch_size: int
    scratch_bytes: int
    parameter_bytes: int
    caching_token: int
    estimated_cycles: int | None  # None where the compiler wrote no estimate
    narrow_memory_bytes: int  # used in each tile
    inputs: tuple[Layer, ...]
    outputs: tuple[Layer, ...]


class Package(NamedTuple):
    """One ``edgetpu-custom-op``'s package."""

    min_runtime: int
    compiler_version: str
    model_identifier: str
    bytes: int
    executables: tuple[Executable, ...]

    def of(self, kind: str) -> Executable | None:
        return next((executable for executable in self.executables if executable.kind == kind), None)

    @property
    def runner(self) -> Executable:
        """The executable that computes (the other one only loads parameters)."""
        return self.of(EXECUTION_ONLY) or self.of(STAND_ALONE) or self.executables[0]

    @property
    def cached_bytes(self) -> int:
        """Parameters that stay in the on-chip memory: what the log calls 'used for caching'."""
        caching = self.of(PARAMETER_CACHING)
        return caching.parameter_bytes if caching else 0

    @property
    def streamed_bytes(self) -> int:
        """Parameters that are sent again for every inference: the log's 'off-chip memory used'."""
        return self.runner.parameter_bytes

    @property
    def caching_token(self) -> int | None:
        """Models that share it can have their parameters on the chip together; ``None`` without caching."""
        caching = self.of(PARAMETER_CACHING)
        return caching.caching_token if caching else None


class _Part(ByteSource):
    """A range of another source: one flatbuffer stored inside another, without a copy."""

    def __init__(self, whole: ByteSource, start: int, length: int) -> None:
        self._whole = whole
        self._start = start
        self.size = length

    def read(self, position: int, length: int) -> bytes:
        self._check(position, length)
        return self._whole.read(self._start + position, length)

    def unpack(self, layout: Struct, position: int) -> tuple[Any, ...]:
        self._check(position, layout.size)
        return self._whole.unpack(layout, self._start + position)


def read_package(data: bytes) -> Package:
    """Decode a package; raises :class:`ReadError` for what is none."""
    if len(data) < 8:
        raise ReadError(f"it has {len(data)} bytes")
    source = MemorySource(data)
    if data[4:8] != FILE_IDENTIFIER:
        seen = data[4:8].decode("ascii", "backslashreplace")
        raise ReadError(
            f"bytes 4 to 7 read {seen!r} instead of 'DWN1', the identifier of an Edge TPU package", 4
        )
    buffer = Flatbuffer(source)
    buffer.where = "the package"
    root = buffer.root()
    span = root.span(_PackageSlot.SERIALIZED_MULTI_EXECUTABLE)
    if span is None or not span[1]:
        if root.field(_PackageSlot.MULTI_CHIP_PACKAGE):
            raise ReadError("this is a package for several chips, which no Coral device runs")
        raise ReadError("the package holds no executable")
    executables = _executables(_Part(source, *span))
    if not executables:
        raise ReadError("the package holds no executable")
    return Package(
        root.i32(_PackageSlot.MIN_RUNTIME_VERSION),
        root.string(_PackageSlot.COMPILER_VERSION) or "",
        root.string(_PackageSlot.MODEL_IDENTIFIER) or "",
        len(data),
        executables,
    )


def _executables(source: ByteSource) -> tuple[Executable, ...]:
    buffer = Flatbuffer(source)
    buffer.where = "the list of executables"
    return tuple(
        _executable(number, _Part(source, *span)) for number, span in enumerate(buffer.root().spans(0))
    )


def _executable(number: int, source: ByteSource) -> Executable:
    buffer = Flatbuffer(source)
    buffer.where = f"executable {number}"
    root = buffer.root()
    kind = root.i16(_ExecutableSlot.TYPE)
    parameters = root.span(_ExecutableSlot.PARAMETERS)
    cycles = root.i64(_ExecutableSlot.ESTIMATED_CYCLES_64) or root.i32(_ExecutableSlot.ESTIMATED_CYCLES)
    return Executable(
        _EXECUTABLE_TYPES[kind] if 0 <= kind < len(_EXECUTABLE_TYPES) else f"type_{kind}",
        root.string(_ExecutableSlot.NAME) or "",
        root.string(_ExecutableSlot.CHIP) or "",
        root.i32(_ExecutableSlot.BATCH_SIZE),
        root.i32(_ExecutableSlot.SCRATCH_SIZE_BYTES),
        parameters[1] if parameters else 0,
        root.u64(_ExecutableSlot.PARAMETER_CACHING_TOKEN),
        cycles or None,
        root.i32(_ExecutableSlot.USED_NARROW_MEMORY),
        tuple(map(_layer, root.tables(_ExecutableSlot.INPUT_LAYERS))),
        tuple(map(_layer, root.tables(_ExecutableSlot.OUTPUT_LAYERS))),
    )


def _layer(table: Table) -> Layer:
    code = table.i16(_LayerSlot.DATA_TYPE)
    return Layer(
        table.string(_LayerSlot.NAME) or "",
        (table.i32(_LayerSlot.Y_DIM), table.i32(_LayerSlot.X_DIM), table.i32(_LayerSlot.Z_DIM)),
        _DATA_TYPES.get(code, f"type_{code}"),
        table.i32(_LayerSlot.SIZE_BYTES),
    )

"""Bytes -> Model.

Everything a rule may ask of a file is decoded here, once; weights are not touched.  Whatever the
bytes say is checked before it is used, so that a hostile file ends in one :class:`ReadError`.
"""

from __future__ import annotations

import os

from .errors import ReadError
from .flatbuffer import Flatbuffer, Table
from .foreign import refuse_foreign
from .graph import Buffer, Metadata, Model, Operator, OperatorCode, Quantization, Signature, Subgraph, Tensor
from .options import OPTIONS, Options
from .schema import (
    BUILTIN_OPERATORS,
    CUSTOM_CODE,
    QUANTIZATION_DETAILS,
    SCHEMA_VERSION,
    TENSOR_TYPES,
    BufferSlot,
    MetadataSlot,
    ModelSlot,
    OperatorCodeSlot,
    OperatorSlot,
    QuantizationSlot,
    SignatureDefSlot,
    SubGraphSlot,
    TensorMapSlot,
    TensorSlot,
)
from .source import ByteSource, MemorySource, open_source


def read_model(source: str | os.PathLike[str] | bytes) -> Model:
    """Read a model from a path or from bytes; raises :class:`ReadError`.

    A small file is read as a whole.  A large one stays open, so that constants can be read on demand:
    call :meth:`Model.close` when done.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _read(MemorySource(bytes(source)), None)
    opened = open_source(source)
    try:
        return _read(opened, os.fspath(source))
    except BaseException:
        opened.close()
        raise


def _read(source: ByteSource, path: str | None) -> Model:
    refuse_foreign(source)
    buffer = Flatbuffer(source)
    root = buffer.root()
    version = root.u32(ModelSlot.VERSION)
    if version != SCHEMA_VERSION:
        raise ReadError(
            f"schema version {version} instead of {SCHEMA_VERSION}: written by a tool from before 2018, "
            "or damaged"
        )
    codes = tuple(
        _operator_code(table) for table in _tables(buffer, root, ModelSlot.OPERATOR_CODES, "operator code")
    )
    buffers = tuple(_buffer(table) for table in _tables(buffer, root, ModelSlot.BUFFERS, "buffer"))
    if not buffers:  # a model without constants; its tensors still say buffer 0, the empty one
        buffers = (Buffer(0, 0, external=False),)
    reader = _SubgraphReader(buffer, codes, buffers)
    subgraphs = tuple(
        reader.subgraph(index, table)
        for index, table in enumerate(_tables(buffer, root, ModelSlot.SUBGRAPHS, "subgraph"))
    )
    if not subgraphs:
        raise ReadError("the model holds no subgraph: there is nothing in it to run")
    return Model(
        path=path,
        source=source,
        version=version,
        description=root.string(ModelSlot.DESCRIPTION) or "",
        operator_codes=codes,
        buffers=buffers,
        subgraphs=subgraphs,
        signatures=tuple(
            _signature(table, subgraphs)
            for table in _tables(buffer, root, ModelSlot.SIGNATURE_DEFS, "signature")
        ),
        metadata=tuple(
            _metadata(table, buffers) for table in _tables(buffer, root, ModelSlot.METADATA, "metadata")
        ),
    )


def _tables(buffer: Flatbuffer, parent: Table, slot: int, what: str) -> list[Table]:
    buffer.where = f"the list of {what} entries"
    tables = parent.tables(slot)
    buffer.where = f"a {what} entry"
    return tables


def _operator_code(table: Table) -> OperatorCode:
    # The wide field was added when the codes outgrew int8; the larger of the two is the code.
    code = max(table.i8(OperatorCodeSlot.DEPRECATED_BUILTIN_CODE), table.i32(OperatorCodeSlot.BUILTIN_CODE))
    if code < 0:
        raise table.buffer.error(f"builtin code {code} is negative", table.position)
    kind = BUILTIN_OPERATORS[code] if code < len(BUILTIN_OPERATORS) else f"BUILTIN_{code}"
    custom = table.string(OperatorCodeSlot.CUSTOM_CODE) if code == CUSTOM_CODE else None
    return OperatorCode(kind, code, custom, table.i32(OperatorCodeSlot.VERSION, 1))


def _buffer(table: Table) -> Buffer:
    span = table.span(BufferSlot.DATA)
    if span is not None and span[1]:
        return Buffer(span[0], span[1], external=False)
    # Offsets 0 and 1 are placeholders that writers use for 'no external data'.
    offset, size = table.u64(BufferSlot.OFFSET), table.u64(BufferSlot.SIZE)
    if offset > 1 and size:
        if offset + size > table.buffer.source.size:
            raise table.buffer.error(
                f"external data of {size:,} bytes from byte {offset:,} on ends behind the file's "
                f"{table.buffer.source.size:,} bytes: it is truncated or damaged",
                table.position,
            )
        return Buffer(offset, size, external=True)
    return Buffer(span[0] if span else 0, 0, external=False)


def _metadata(table: Table, buffers: tuple[Buffer, ...]) -> Metadata:
    index = table.u32(MetadataSlot.BUFFER)
    if index >= len(buffers):
        raise table.buffer.error(f"buffer {index} does not exist", table.position)
    return Metadata(table.string(MetadataSlot.NAME) or "", index)


def _signature(table: Table, subgraphs: tuple[Subgraph, ...]) -> Signature:
    index = table.u32(SignatureDefSlot.SUBGRAPH_INDEX)
    if index >= len(subgraphs):
        raise table.buffer.error(f"subgraph {index} does not exist", table.position)
    tensors = subgraphs[index].tensors

    def arguments(slot: int) -> tuple[tuple[str, Tensor], ...]:
        pairs = []
        for entry in table.tables(slot):
            number = entry.u32(TensorMapSlot.TENSOR_INDEX)
            if number >= len(tensors):
                raise entry.buffer.error(f"tensor {number} does not exist", entry.position)
            pairs.append((entry.string(TensorMapSlot.NAME) or "", tensors[number]))
        return tuple(pairs)

    return Signature(
        table.string(SignatureDefSlot.SIGNATURE_KEY) or "",
        index,
        arguments(SignatureDefSlot.INPUTS),
        arguments(SignatureDefSlot.OUTPUTS),
    )


class _SubgraphReader:
    def __init__(
        self, buffer: Flatbuffer, codes: tuple[OperatorCode, ...], buffers: tuple[Buffer, ...]
    ) -> None:
        self.buffer = buffer
        self.codes = codes
        self.buffers = buffers

    def subgraph(self, index: int, table: Table) -> Subgraph:
        self.buffer.where = f"the tensors of subgraph {index}"
        tensor_tables = table.tables(SubGraphSlot.TENSORS)
        tensors = []
        for number, entry in enumerate(tensor_tables):
            self.buffer.where = f"tensor {number} of subgraph {index}"
            tensors.append(self._tensor(index, number, entry))
        self.buffer.where = f"the operators of subgraph {index}"
        operator_tables = table.tables(SubGraphSlot.OPERATORS)
        operators = []
        for number, entry in enumerate(operator_tables):
            self.buffer.where = f"operator {number} of subgraph {index}"
            operators.append(self._operator(index, number, entry, tensors))
        self.buffer.where = f"subgraph {index}"
        return Subgraph(
            index,
            table.string(SubGraphSlot.NAME) or "",
            tuple(tensors),
            tuple(operators),
            self._present(table, SubGraphSlot.INPUTS, tensors),
            self._present(table, SubGraphSlot.OUTPUTS, tensors),
        )

    def _tensor(self, subgraph: int, index: int, table: Table) -> Tensor:
        code = table.u8(TensorSlot.TYPE)
        buffer = table.u32(TensorSlot.BUFFER)
        if buffer >= len(self.buffers):
            raise self.buffer.error(
                f"buffer {buffer} does not exist, the model has {len(self.buffers)}", table.position
            )
        return Tensor(
            subgraph,
            index,
            table.string(TensorSlot.NAME) or "",
            table.i32s(TensorSlot.SHAPE) or (),
            table.i32s(TensorSlot.SHAPE_SIGNATURE) or None,
            TENSOR_TYPES[code] if code < len(TENSOR_TYPES) else f"TYPE_{code}",
            buffer,
            _quantization(table.table(TensorSlot.QUANTIZATION)),
            table.boolean(TensorSlot.IS_VARIABLE),
            table.field(TensorSlot.SPARSITY) != 0,
            table.boolean(TensorSlot.HAS_RANK),
            table.position,
        )

    def _operator(self, subgraph: int, index: int, table: Table, tensors: list[Tensor]) -> Operator:
        opcode = table.u32(OperatorSlot.OPCODE_INDEX)
        if opcode >= len(self.codes):
            raise self.buffer.error(
                f"operator code {opcode} does not exist, the model has {len(self.codes)}", table.position
            )
        code = self.codes[opcode]
        return Operator(
            subgraph,
            index,
            code.kind,
            code.builtin_code,
            code.custom_code,
            code.version,
            opcode,
            self._optional(table, OperatorSlot.INPUTS, tensors),
            self._present(table, OperatorSlot.OUTPUTS, tensors),
            self._present(table, OperatorSlot.INTERMEDIATES, tensors),
            _options(table),
            _custom_options(table),
            table.position,
        )

    def _optional(self, table: Table, slot: int, tensors: list[Tensor]) -> tuple[Tensor | None, ...]:
        """Tensors by index, -1 meaning an optional one that is left out."""
        chosen: list[Tensor | None] = []
        for index in table.i32s(slot) or ():
            if index < -1 or index >= len(tensors):
                raise self.buffer.error(
                    f"tensor {index} does not exist, the subgraph has {len(tensors)}", table.position
                )
            chosen.append(None if index < 0 else tensors[index])
        return tuple(chosen)

    def _present(self, table: Table, slot: int, tensors: list[Tensor]) -> tuple[Tensor, ...]:
        return tuple(tensor for tensor in self._optional(table, slot, tensors) if tensor is not None)


def _quantization(table: Table | None) -> Quantization | None:
    if table is None:
        return None
    scales = table.f32s(QuantizationSlot.SCALE) or ()
    details = table.u8(QuantizationSlot.DETAILS_TYPE)
    if not scales and not details:
        return None  # converters write an empty table for tensors that are not quantized
    return Quantization(
        scales,
        table.i64s(QuantizationSlot.ZERO_POINT) or (),
        table.i32(QuantizationSlot.QUANTIZED_DIMENSION),
        table.f32s(QuantizationSlot.MIN) or (),
        table.f32s(QuantizationSlot.MAX) or (),
        QUANTIZATION_DETAILS[details] if details < len(QUANTIZATION_DETAILS) else f"details {details}",
    )


def _options(table: Table) -> Options | None:
    options = OPTIONS.get(table.u8(OperatorSlot.BUILTIN_OPTIONS_TYPE))
    if options is None:
        return None
    options_table = table.table(OperatorSlot.BUILTIN_OPTIONS)
    return None if options_table is None else options.decode(options_table)


def _custom_options(table: Table) -> tuple[int, int] | None:
    span = table.span(OperatorSlot.CUSTOM_OPTIONS)
    if span is not None and span[1]:
        return span
    offset = table.u64(OperatorSlot.LARGE_CUSTOM_OPTIONS_OFFSET)
    size = table.u64(OperatorSlot.LARGE_CUSTOM_OPTIONS_SIZE)
    if offset > 1 and size:
        if offset + size > table.buffer.source.size:
            raise table.buffer.error(
                f"custom options of {size:,} bytes from byte {offset:,} on end behind the file",
                table.position,
            )
        return offset, size
    return None

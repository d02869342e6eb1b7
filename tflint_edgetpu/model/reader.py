"""Bytes -> Model.

Everything a rule may ask of a file is decoded here, once; weights are not touched.  Whatever the
bytes say is checked before it is used, so that a hostile file ends in one :class:`ReadError`.
"""

from __future__ import annotations

import os

from .errors import ReadError
from .flatbuffer import Fields, Flatbuffer, Table
from .foreign import refuse_foreign
from .graph import Buffer, Metadata, Model, Operator, OperatorCode, Quantization, Signature, Subgraph, Tensor
from .option import Options, OptionsReader
from .options import OPTIONS
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

# No kernel of LiteRT takes more than 8 dimensions. A bound keeps the product of a hostile shape small.
MOST_DIMENSIONS = 64

_BUFFER = ((BufferSlot.DATA, "o", 0), (BufferSlot.OFFSET, "Q", 0), (BufferSlot.SIZE, "Q", 0))
_TENSOR = (
    (TensorSlot.SHAPE, "o", 0),
    (TensorSlot.TYPE, "B", 0),
    (TensorSlot.BUFFER, "I", 0),
    (TensorSlot.NAME, "o", 0),
    (TensorSlot.QUANTIZATION, "o", 0),
    (TensorSlot.IS_VARIABLE, "?", False),
    (TensorSlot.SPARSITY, "o", 0),
    (TensorSlot.SHAPE_SIGNATURE, "o", 0),
    (TensorSlot.HAS_RANK, "?", False),
    (TensorSlot.EXTERNAL_BUFFER, "I", 0),
)
_QUANTIZATION = (
    (QuantizationSlot.MIN, "o", 0),
    (QuantizationSlot.MAX, "o", 0),
    (QuantizationSlot.SCALE, "o", 0),
    (QuantizationSlot.ZERO_POINT, "o", 0),
    (QuantizationSlot.DETAILS_TYPE, "B", 0),
    (QuantizationSlot.QUANTIZED_DIMENSION, "i", 0),
)
_OPERATOR = (
    (OperatorSlot.OPCODE_INDEX, "I", 0),
    (OperatorSlot.INPUTS, "o", 0),
    (OperatorSlot.OUTPUTS, "o", 0),
    (OperatorSlot.BUILTIN_OPTIONS_TYPE, "B", 0),
    (OperatorSlot.BUILTIN_OPTIONS, "o", 0),
    (OperatorSlot.CUSTOM_OPTIONS, "o", 0),
    (OperatorSlot.INTERMEDIATES, "o", 0),
    (OperatorSlot.LARGE_CUSTOM_OPTIONS_OFFSET, "Q", 0),
    (OperatorSlot.LARGE_CUSTOM_OPTIONS_SIZE, "Q", 0),
)


def read_model(source: str | os.PathLike[str] | bytes) -> Model:
    """Read a model from a path or from bytes; raises :class:`ReadError`.

    A small file is read as a whole.  A large one stays open, so that constants can be read on demand:
    call :meth:`Model.close` when done.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return read_source(MemorySource(bytes(source)))
    opened = open_source(source)
    try:
        return read_source(opened, os.fspath(source))
    except BaseException:
        opened.close()
        raise


def read_source(source: ByteSource, path: str | None = None) -> Model:
    """Read a model from bytes wherever they come from; raises :class:`ReadError`."""
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
    buffers = _buffers(buffer, root)
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


def _buffers(buffer: Flatbuffer, root: Table) -> tuple[Buffer, ...]:
    buffer.where = "the list of buffer entries"
    positions = root.positions(ModelSlot.BUFFERS)
    fields = Fields(buffer, _BUFFER)
    found = []
    for number, position in enumerate(positions):
        buffer.where = f"buffer {number}"
        data, offset, size = fields.at(position)
        start, length = buffer.vector(data, 1) if data else (0, 0)
        # Offsets 0 and 1 are placeholders that writers use for 'no external data'.
        external = not length and offset > 1 and size > 0
        if external:
            start, length = offset, size
            _check_outside(buffer, "external data", start, length, position)
        found.append(Buffer(start, length, external))
    # A model without constants may have no buffers at all; its tensors still say buffer 0, the empty one.
    return tuple(found) or (Buffer(0, 0, external=False),)


def _check_outside(buffer: Flatbuffer, what: str, start: int, length: int, position: int) -> None:
    """Data behind the flatbuffer, which is found by offset and size."""
    if start + length > buffer.source.size:
        raise buffer.error(
            f"{what} of {length:,} bytes from byte {start:,} on ends behind the file's "
            f"{buffer.source.size:,} bytes: it is truncated or damaged",
            position,
        )


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
    """Reads subgraphs: tensors and operators come by the thousand, so their fields are decoded in one
    step each.
    """

    def __init__(
        self, buffer: Flatbuffer, codes: tuple[OperatorCode, ...], buffers: tuple[Buffer, ...]
    ) -> None:
        self.buffer = buffer
        self.codes = codes
        self.buffers = buffers
        self.tensor_fields = Fields(buffer, _TENSOR)
        self.quantization_fields = Fields(buffer, _QUANTIZATION)
        self.operator_fields = Fields(buffer, _OPERATOR)
        self.options_readers: dict[int, OptionsReader | None] = {}

    def subgraph(self, index: int, table: Table) -> Subgraph:
        self.buffer.where = f"the tensors of subgraph {index}"
        tensors = []
        for number, position in enumerate(table.positions(SubGraphSlot.TENSORS)):
            self.buffer.where = f"tensor {number} of subgraph {index}"
            tensors.append(self._tensor(index, number, position))
        self.buffer.where = f"the operators of subgraph {index}"
        operators = []
        for number, position in enumerate(table.positions(SubGraphSlot.OPERATORS)):
            self.buffer.where = f"operator {number} of subgraph {index}"
            operators.append(self._operator(index, number, position, tensors))
        self.buffer.where = f"subgraph {index}"
        return Subgraph(
            index,
            table.string(SubGraphSlot.NAME) or "",
            tuple(tensors),
            tuple(operators),
            self._present(table.target(SubGraphSlot.INPUTS), tensors),
            self._present(table.target(SubGraphSlot.OUTPUTS), tensors),
        )

    def _tensor(self, subgraph: int, index: int, position: int) -> Tensor:
        buffer = self.buffer
        (
            shape, code, number, name, quantization, is_variable, sparsity, signature, has_rank, outside,
        ) = self.tensor_fields.at(position)  # fmt: skip
        if number >= len(self.buffers):
            raise buffer.error(f"buffer {number} does not exist, the model has {len(self.buffers)}", position)
        return Tensor(
            subgraph,
            index,
            buffer.text(name) if name else "",
            self._shape(shape) if shape else (),
            (self._shape(signature) or None) if signature else None,
            TENSOR_TYPES[code] if code < len(TENSOR_TYPES) else f"TYPE_{code}",
            number,
            self._quantization(quantization) if quantization else None,
            is_variable,
            sparsity != 0,
            has_rank,
            position,
            outside,
        )

    def _shape(self, position: int) -> tuple[int, ...]:
        sizes = self.buffer.items(position, "i")
        if len(sizes) > MOST_DIMENSIONS:
            raise self.buffer.error(
                f"{len(sizes):,} dimensions, where no kernel takes more than 8: the file is damaged", position
            )
        return sizes

    def _quantization(self, position: int) -> Quantization | None:
        items = self.buffer.items
        low, high, scale, zero_point, details, axis = self.quantization_fields.at(position)
        scales = items(scale, "f") if scale else ()
        if not scales and not details:
            return None  # converters write an empty table for tensors that are not quantized
        return Quantization(
            scales,
            items(zero_point, "q") if zero_point else (),
            axis,
            items(low, "f") if low else (),
            items(high, "f") if high else (),
            QUANTIZATION_DETAILS[details]
            if details < len(QUANTIZATION_DETAILS)
            else f"quantization details {details}",
        )

    def _operator(self, subgraph: int, index: int, position: int, tensors: list[Tensor]) -> Operator:
        opcode, inputs, outputs, options_type, options, custom, intermediates, start, length = (
            self.operator_fields.at(position)
        )
        if opcode >= len(self.codes):
            raise self.buffer.error(
                f"operator code {opcode} does not exist, the model has {len(self.codes)}", position
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
            self._optional(inputs, tensors),
            self._present(outputs, tensors),
            self._present(intermediates, tensors) if intermediates else (),
            self._options(options_type, options) if options else None,
            self._custom_options(custom, start, length, position),
            position,
        )

    def _optional(self, position: int, tensors: list[Tensor]) -> tuple[Tensor | None, ...]:
        """The tensors of a vector of indices, -1 meaning an optional one that is left out."""
        indices = self.buffer.items(position, "i") if position else ()
        if indices and (min(indices) < -1 or max(indices) >= len(tensors)):
            wrong = next(index for index in indices if not -1 <= index < len(tensors))
            raise self.buffer.error(
                f"tensor {wrong} does not exist, the subgraph has {len(tensors)}", position
            )
        return tuple([None if index < 0 else tensors[index] for index in indices])

    def _present(self, position: int, tensors: list[Tensor]) -> tuple[Tensor, ...]:
        return tuple([tensor for tensor in self._optional(position, tensors) if tensor is not None])

    def _options(self, code: int, position: int) -> Options | None:
        if code not in self.options_readers:
            kind = OPTIONS.get(code)
            self.options_readers[code] = OptionsReader(self.buffer, kind) if kind else None
        reader = self.options_readers[code]
        return None if reader is None else reader.at(position)

    def _custom_options(self, custom: int, start: int, length: int, position: int) -> tuple[int, int] | None:
        if custom:
            span = self.buffer.vector(custom, 1)
            if span[1]:
                return span
        if start > 1 and length:
            _check_outside(self.buffer, "the custom options", start, length, position)
            return start, length
        return None

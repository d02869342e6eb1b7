"""A model as plain frozen data: what the file says, nothing interpreted.

Tensors and operators compare by identity (one object for one entry of the file), so that they can be
keys of a mapping at no cost.  A ``ref`` such as ``subgraph[0].op[12]`` is the identity to print.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Any

from .errors import ReadError
from .option import Options
from .record import NamedTuple
from .schema import TENSOR_TYPE_BITS
from .source import ByteSource, ClosedSource

if TYPE_CHECKING:
    from .flexbuffer import FlexValue

# Struct codes of the types that constants are decoded from.
_CONSTANT_CODES = {
    "INT8": "b", "UINT8": "B", "BOOL": "?", "INT16": "h", "UINT16": "H", "INT32": "i", "UINT32": "I",
    "INT64": "q", "UINT64": "Q", "FLOAT32": "f", "FLOAT64": "d", "FLOAT16": "e",
}  # fmt: skip


class Quantization(NamedTuple):
    """``real = scale * (quantized - zero_point)``, per tensor or along ``axis``."""

    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int
    minimum: tuple[float, ...]
    maximum: tuple[float, ...]
    details: str | None  # CustomQuantization, BlockwiseQuantization ...

    @property
    def per_channel(self) -> bool:
        return len(self.scales) > 1

    @property
    def scale(self) -> float:
        """The scale of a per-tensor quantization (the first of a per-channel one)."""
        return self.scales[0]

    @property
    def zero_point(self) -> int:
        """The zero point of a per-tensor quantization; the schema's default is 0."""
        return self.zero_points[0] if self.zero_points else 0


class Tensor(NamedTuple):
    """One entry of a subgraph's tensor list."""

    subgraph: int
    index: int  # type: ignore[assignment]  # as in Subgraph
    name: str
    shape: tuple[int, ...]
    shape_signature: tuple[int, ...] | None  # -1 where a size is only known at run time
    dtype: str
    buffer: int
    quantization: Quantization | None  # None unless there is at least one scale
    is_variable: bool
    is_sparse: bool
    has_rank: bool
    position: int  # of its table in the file
    external_buffer: int = 0  # id of a constant in a file of its own, 0 where there is none

    @property
    def ref(self) -> str:
        return f"subgraph[{self.subgraph}].tensor[{self.index}]"

    @property
    def signature(self) -> tuple[int, ...]:
        """The shape with -1 for every size that is only known at run time."""
        return self.shape_signature or self.shape

    @property
    def is_dynamic(self) -> bool:
        return any(size < 0 for size in self.signature)

    @property
    def elements(self) -> int:
        """Number of elements; 1 for a scalar, unknown sizes count as 1."""
        count = 1
        for size in self.shape:
            count *= size if size >= 0 else 1
        return count

    @property
    def bytes(self) -> int | None:
        """Bytes of the whole tensor, ``None`` for types without a fixed size."""
        bits = TENSOR_TYPE_BITS.get(self.dtype)
        return None if bits is None else (self.elements * bits + 7) // 8

    @property
    def is_quantized(self) -> bool:
        return self.quantization is not None


class Operator(NamedTuple):
    """One operator; an optional input that is left out is ``None``."""

    subgraph: int
    index: int  # type: ignore[assignment]  # as in Subgraph
    kind: str  # as in schema.fbs: CONV_2D ... CUSTOM; BUILTIN_<code> beyond the schema
    builtin_code: int
    custom_code: str | None
    version: int
    opcode_index: int
    inputs: tuple[Tensor | None, ...]
    outputs: tuple[Tensor, ...]
    intermediates: tuple[Tensor, ...]
    options: Options | None
    custom_options: tuple[int, int] | None  # first byte and length in the file
    position: int

    @property
    def ref(self) -> str:
        return f"subgraph[{self.subgraph}].op[{self.index}]"

    @property
    def label(self) -> str:
        """The kind, with the name of a custom operator: ``CUSTOM:TFLite_Detection_PostProcess``."""
        return f"{self.kind}:{self.custom_code}" if self.custom_code else self.kind

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """All inputs that are present, then all outputs."""
        return (*(tensor for tensor in self.inputs if tensor is not None), *self.outputs)

    def input(self, number: int) -> Tensor | None:
        """Input ``number``, ``None`` where the operator has no such input."""
        return self.inputs[number] if number < len(self.inputs) else None

    def output(self, number: int = 0) -> Tensor | None:
        return self.outputs[number] if number < len(self.outputs) else None

    def option(self, name: str, default: Any = None) -> Any:
        """An option by name; ``default`` where the operator carries no such option."""
        return getattr(self.options, name, default)


# One object stands for one entry of the file: compared and hashed by identity, at the speed of C.
for _entry in (Tensor, Operator):
    _entry.__eq__ = object.__eq__  # type: ignore[method-assign]
    _entry.__ne__ = object.__ne__  # type: ignore[method-assign]
    _entry.__hash__ = object.__hash__  # type: ignore[method-assign]


class Subgraph(NamedTuple):
    index: int  # type: ignore[assignment]  # a tuple's own 'index' is of no use here
    name: str
    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]

    @property
    def ref(self) -> str:
        return f"subgraph[{self.index}]"


class OperatorCode(NamedTuple):
    kind: str
    builtin_code: int
    custom_code: str | None
    version: int


class Buffer(NamedTuple):
    """Where a constant's bytes stand; ``external`` ones lie behind the flatbuffer, by offset."""

    start: int
    length: int
    external: bool


class Signature(NamedTuple):
    """A named entry point: argument name -> tensor of its subgraph."""

    key: str
    subgraph: int
    inputs: tuple[tuple[str, Tensor], ...]
    outputs: tuple[tuple[str, Tensor], ...]


class Metadata(NamedTuple):
    name: str
    buffer: int


class Model:
    """A whole file. Constants stay in the file until they are asked for."""

    __slots__ = (
        "buffers", "description", "metadata", "operator_codes", "path", "signatures", "size", "source",
        "subgraphs", "version",
    )  # fmt: skip

    def __init__(
        self,
        *,
        path: str | None,
        source: ByteSource,
        version: int,
        description: str,
        operator_codes: tuple[OperatorCode, ...],
        buffers: tuple[Buffer, ...],
        subgraphs: tuple[Subgraph, ...],
        signatures: tuple[Signature, ...],
        metadata: tuple[Metadata, ...],
    ) -> None:
        self.path = path
        self.source = source
        self.size = source.size
        self.version = version
        self.description = description
        self.operator_codes = operator_codes
        self.buffers = buffers
        self.subgraphs = subgraphs
        self.signatures = signatures
        self.metadata = metadata

    @property
    def main(self) -> Subgraph:
        """The first subgraph: the one an interpreter runs and the Edge TPU compiler compiles."""
        return self.subgraphs[0]

    def close(self) -> None:
        """Let go of the file and its bytes. What was decoded stays; constants can no longer be read."""
        self.source.close()
        self.source = ClosedSource(self.size)

    def is_constant(self, tensor: Tensor) -> bool:
        """Whether the file holds the tensor's value (an empty buffer means: computed)."""
        return self.buffers[tensor.buffer].length > 0

    def data(self, tensor: Tensor) -> bytes:
        """The bytes of a constant, empty for a tensor that is computed."""
        buffer = self.buffers[tensor.buffer]
        return self.source.read(buffer.start, buffer.length)

    def values(self, tensor: Tensor | None, limit: int = 4096) -> tuple[Any, ...] | None:
        """The elements of a small constant in storage order.

        ``None`` where the tensor is computed, has no plain numeric type, holds more than ``limit``
        elements, or where its buffer is shorter than its shape says.
        """
        if tensor is None or not self.is_constant(tensor):
            return None
        code = _CONSTANT_CODES.get(tensor.dtype)
        if code is None or tensor.elements > limit:
            return None
        layout = Struct(f"<{tensor.elements}{code}")
        buffer = self.buffers[tensor.buffer]
        if buffer.length < layout.size:
            return None
        return self.source.unpack(layout, buffer.start)

    def custom_options(self, operator: Operator) -> FlexValue:
        """The FlexBuffer of a custom operator, ``None`` where there is none or it cannot be read."""
        if operator.custom_options is None:
            return None
        from .flexbuffer import read_flexbuffer

        start, length = operator.custom_options
        try:
            return read_flexbuffer(self.source.read(start, length))
        except ReadError:
            return None

    def __repr__(self) -> str:
        operators = sum(len(subgraph.operators) for subgraph in self.subgraphs)
        return f"<Model {self.path or 'in memory'}: {operators} operators>"

"""A model as a tree of objects that can be edited and packed again.

The schema's own object API refers to tensors, buffers and operator codes by index, so that every
removal shifts the indices of everything else: operators, signatures, metadata.  Here an operator holds
its tensors, a tensor its buffer, an operator its code and version; indices are made anew when the tree
is packed.  What no edit touches is kept: metadata with its associated files, signatures, descriptions,
the order of tensors and buffers.  Packing twice gives the same bytes.

Needs the extra ``fix`` (LiteRT's generated schema, flatbuffers, numpy).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from ..model.schema import BUILTIN_OPERATORS, CUSTOM_CODE, TENSOR_TYPES
from .associated_files import AssociatedFiles

# The schema asks for this alignment of constants (force_align of Buffer.data).
BUFFER_ALIGNMENT = 16


class AlignedBuffer(schema.BufferT):  # type: ignore[misc]
    """A buffer that is packed with the alignment of the schema; the generated code drops it."""

    def Pack(self, builder: Any) -> int:  # noqa: N802 - the object API's name
        vector = None
        if self.data is not None:
            data = np.asarray(self.data, dtype=np.uint8).tobytes()
            builder.StartVector(1, len(data), BUFFER_ALIGNMENT)
            builder.head -= len(data)
            builder.Bytes[builder.head : builder.head + len(data)] = data
            vector = builder.EndVector()
        schema.BufferStart(builder)
        if vector is not None:
            schema.BufferAddData(builder, vector)
        return int(schema.BufferEnd(builder))


class TensorNode:
    """A tensor and the buffer it holds. ``table`` is the object API's TensorT."""

    def __init__(self, table: Any, buffer: AlignedBuffer) -> None:
        self.table = table
        self.buffer = buffer

    @property
    def name(self) -> str:
        name = self.table.name or b""
        return name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else str(name)

    @property
    def dtype(self) -> str:
        return TENSOR_TYPES[self.table.type]

    @dtype.setter
    def dtype(self, dtype: str) -> None:
        self.table.type = TENSOR_TYPES.index(dtype)

    @property
    def shape(self) -> tuple[int, ...]:
        return () if self.table.shape is None else tuple(int(size) for size in self.table.shape)

    @shape.setter
    def shape(self, shape: Iterable[int]) -> None:
        self.table.shape = np.array(list(shape), dtype=np.int32)

    @property
    def scales(self) -> tuple[float, ...]:
        quantization = self.table.quantization
        if quantization is None or quantization.scale is None:
            return ()
        return tuple(float(scale) for scale in quantization.scale)

    @property
    def zero_points(self) -> tuple[int, ...]:
        quantization = self.table.quantization
        if quantization is None or quantization.zeroPoint is None:
            return ()
        return tuple(int(point) for point in quantization.zeroPoint)

    @property
    def is_constant(self) -> bool:
        return self.buffer.data is not None and len(self.buffer.data) > 0

    def values(self) -> np.ndarray[Any, Any]:
        """A constant's elements in the tensor's shape; raises ValueError where the buffer does not fit."""
        code = {"INT4": "INT8"}.get(self.dtype, self.dtype).lower()
        data = np.asarray(self.buffer.data, dtype=np.uint8)
        return np.frombuffer(data.tobytes(), dtype=np.dtype("bool" if code == "bool" else code)).reshape(
            self.shape
        )

    def set_values(self, values: np.ndarray[Any, Any]) -> None:
        """Give the tensor a constant of its own: other tensors that shared the buffer keep the old one."""
        self.buffer = AlignedBuffer()
        self.buffer.data = np.frombuffer(np.ascontiguousarray(values).tobytes(), dtype=np.uint8)
        self.shape = values.shape

    def set_quantization(self, scales: Iterable[float], zero_points: Iterable[int], axis: int = 0) -> None:
        quantization = schema.QuantizationParametersT()
        quantization.scale = np.array(list(scales), dtype=np.float32)
        quantization.zeroPoint = np.array(list(zero_points), dtype=np.int64)
        quantization.quantizedDimension = axis
        self.table.quantization = quantization


class OperatorNode:
    """An operator with its own code and version. ``table`` is the object API's OperatorT."""

    def __init__(
        self,
        table: Any,
        kind: str,
        version: int,
        inputs: Iterable[TensorNode | None],
        outputs: Iterable[TensorNode],
        *,
        custom_code: str | None = None,
        builtin_code: int | None = None,
        intermediates: Iterable[TensorNode] = (),
    ) -> None:
        self.table = table
        self.kind = kind
        self.version = version
        self.custom_code = custom_code
        self.builtin_code = BUILTIN_OPERATORS.index(kind) if builtin_code is None else builtin_code
        self.inputs = list(inputs)
        self.outputs = list(outputs)
        self.intermediates = list(intermediates)

    @property
    def options(self) -> Any:
        """The object API's option table, ``None`` where there is none."""
        return self.table.builtinOptions

    def set_options(self, name: str, options: Any) -> None:
        """``name`` is the member of the BuiltinOptions union, for example ``Pool2DOptions``."""
        self.table.builtinOptionsType = getattr(schema.BuiltinOptions, name)
        self.table.builtinOptions = options

    def replace_input(self, old: TensorNode, new: TensorNode) -> None:
        self.inputs = [new if tensor is old else tensor for tensor in self.inputs]


class Graph:
    """One subgraph."""

    def __init__(self, table: Any, tensors: list[TensorNode]) -> None:
        self.table = table
        self.tensors = tensors
        self.operators: list[OperatorNode] = []
        self.inputs: list[TensorNode] = []
        self.outputs: list[TensorNode] = []

    def add_tensor(
        self, name: str, dtype: str, shape: Iterable[int], values: np.ndarray[Any, Any] | None = None
    ) -> TensorNode:
        node = TensorNode(schema.TensorT(), AlignedBuffer())
        node.table.name = self.free_name(name)
        node.dtype = dtype
        node.shape = shape
        if values is not None:
            node.set_values(values)
        self.tensors.append(node)
        return node

    def free_name(self, name: str) -> str:
        """``name``, with a number where the graph already has a tensor of that name."""
        taken = {tensor.name for tensor in self.tensors}
        candidate, number = name, 1
        while candidate in taken:
            candidate, number = f"{name}_{number}", number + 1
        return candidate

    def like(self, tensor: TensorNode, name: str) -> TensorNode:
        """A new computed tensor with the type, shape and quantization of ``tensor``."""
        node = self.add_tensor(name, tensor.dtype, tensor.shape)
        node.table.quantization = tensor.table.quantization
        node.table.shapeSignature = tensor.table.shapeSignature
        return node

    def producer(self, tensor: TensorNode) -> OperatorNode | None:
        return next((operator for operator in self.operators if tensor in operator.outputs), None)

    def consumers(self, tensor: TensorNode) -> list[OperatorNode]:
        return [operator for operator in self.operators if tensor in operator.inputs]

    def insert_before(self, anchor: OperatorNode, *new: OperatorNode) -> None:
        at = self.operators.index(anchor)
        self.operators[at:at] = new

    def insert_after(self, anchor: OperatorNode, *new: OperatorNode) -> None:
        at = self.operators.index(anchor) + 1
        self.operators[at:at] = new

    def used(self) -> set[TensorNode]:
        """Every tensor that an operator or the interface of the graph refers to."""
        used: set[TensorNode] = {*self.inputs, *self.outputs}
        for operator in self.operators:
            used.update(tensor for tensor in operator.inputs if tensor is not None)
            used.update(operator.outputs)
            used.update(operator.intermediates)
        return used


class SignatureNode:
    """A signature; its arguments are tensors of ``graph``."""

    def __init__(self, table: Any, graph: Graph) -> None:
        self.table = table
        self.graph = graph
        self.inputs: list[tuple[Any, TensorNode]] = []
        self.outputs: list[tuple[Any, TensorNode]] = []

    def replace(self, old: TensorNode, new: TensorNode) -> None:
        """Let every argument that was ``old`` be ``new``."""
        self.inputs = [(name, new if tensor is old else tensor) for name, tensor in self.inputs]
        self.outputs = [(name, new if tensor is old else tensor) for name, tensor in self.outputs]


class Tree:
    """A whole file."""

    def __init__(self, data: bytes) -> None:
        self.files = AssociatedFiles.split(data)
        # The generated unpacker copies vectors as views on this array: it stays alive with the tree.
        self.table = schema.ModelT.InitFromPackedBuf(bytearray(data), 0)
        self.had_external_buffers = any(b.offset > 1 and b.size for b in self.table.buffers or [])
        self.buffers = [_adopt_buffer(buffer, data) for buffer in self.table.buffers or []]
        if not self.buffers:
            self.buffers = [AlignedBuffer()]
        self.metadata = [(entry, self.buffers[entry.buffer]) for entry in self.table.metadata or []]
        self.graphs = [self._adopt_graph(graph, data) for graph in self.table.subgraphs or []]
        self.signatures = [self._adopt_signature(entry) for entry in self.table.signatureDefs or []]
        self._by_ref = dict(self._refs())
        self._used_at_load = {tensor for graph in self.graphs for tensor in graph.used()}
        self._buffers_at_load = set(map(id, self._referenced_buffers()))
        self._codes = [
            (code.builtinCode, code.customCode, code.version)
            for code in map(_wide, self.table.operatorCodes or [])
        ]

    @property
    def main(self) -> Graph:
        return self.graphs[0]

    def _refs(self) -> Iterator[tuple[str, TensorNode | OperatorNode]]:
        for number, graph in enumerate(self.graphs):
            for index, operator in enumerate(graph.operators):
                yield f"subgraph[{number}].op[{index}]", operator
            for index, tensor in enumerate(graph.tensors):
                yield f"subgraph[{number}].tensor[{index}]", tensor

    def operator(self, ref: str) -> OperatorNode:
        """The operator that had this ref when the file was read; raises KeyError for any other."""
        node = self._by_ref[ref]
        if not isinstance(node, OperatorNode):
            raise KeyError(ref)
        return node

    def tensor(self, ref: str) -> TensorNode:
        """The tensor that had this ref when the file was read; raises KeyError for any other."""
        node = self._by_ref[ref]
        if not isinstance(node, TensorNode):
            raise KeyError(ref)
        return node

    def _adopt_graph(self, table: Any, data: bytes) -> Graph:
        tensors = [TensorNode(tensor, self.buffers[tensor.buffer]) for tensor in _list(table.tensors)]
        graph = Graph(table, tensors)
        graph.inputs = [tensors[index] for index in _list(table.inputs)]
        graph.outputs = [tensors[index] for index in _list(table.outputs)]
        for operator in _list(table.operators):
            code = _wide(self.table.operatorCodes[operator.opcodeIndex])
            if operator.largeCustomOptionsOffset > 1:
                start = operator.largeCustomOptionsOffset
                options = data[start : start + operator.largeCustomOptionsSize]
                operator.customOptions = np.frombuffer(options, dtype=np.uint8)
                operator.largeCustomOptionsOffset = operator.largeCustomOptionsSize = 0
            number = code.builtinCode
            graph.operators.append(
                OperatorNode(
                    operator,
                    BUILTIN_OPERATORS[number] if number < len(BUILTIN_OPERATORS) else f"BUILTIN_{number}",
                    code.version,
                    [None if index < 0 else tensors[index] for index in _list(operator.inputs)],
                    [tensors[index] for index in _list(operator.outputs) if index >= 0],
                    custom_code=_text(code.customCode) if number == CUSTOM_CODE else None,
                    builtin_code=number,
                    intermediates=[tensors[index] for index in _list(operator.intermediates)],
                )
            )
        return graph

    def _adopt_signature(self, table: Any) -> SignatureNode:
        node = SignatureNode(table, self.graphs[table.subgraphIndex])
        tensors = node.graph.tensors
        node.inputs = [(entry.name, tensors[entry.tensorIndex]) for entry in _list(table.inputs)]
        node.outputs = [(entry.name, tensors[entry.tensorIndex]) for entry in _list(table.outputs)]
        return node

    def _referenced_buffers(self) -> Iterator[AlignedBuffer]:
        for graph in self.graphs:
            for tensor in graph.tensors:
                yield tensor.buffer
        for _, buffer in self.metadata:
            yield buffer

    def replace_interface(self, graph: Graph, old: TensorNode, new: TensorNode) -> None:
        """Let ``new`` be an input or output wherever ``old`` was, in the graph and its signatures."""
        graph.inputs = [new if tensor is old else tensor for tensor in graph.inputs]
        graph.outputs = [new if tensor is old else tensor for tensor in graph.outputs]
        for signature in self.signatures:
            if signature.graph is graph:
                signature.replace(old, new)

    # Packing

    def pack(self) -> bytes:
        """The file's bytes. Tensors and buffers that edits left without a user are dropped."""
        for graph in self.graphs:
            used = graph.used()
            graph.tensors = [t for t in graph.tensors if t in used or t not in self._used_at_load]
        self._pack_buffers()
        codes = {code: index for index, code in enumerate(self._surviving_codes())}
        for graph in self.graphs:
            self._pack_graph(graph, codes)
        self.table.operatorCodes = [_operator_code(*code) for code in codes]
        self.table.subgraphs = [graph.table for graph in self.graphs]
        for signature in self.signatures:
            numbers = {tensor: index for index, tensor in enumerate(signature.graph.tensors)}
            signature.table.inputs = [_argument(name, numbers[tensor]) for name, tensor in signature.inputs]
            signature.table.outputs = [_argument(name, numbers[tensor]) for name, tensor in signature.outputs]
            signature.table.subgraphIndex = self.graphs.index(signature.graph)
        size = sum(len(buffer.data) for buffer in self.buffers if buffer.data is not None)
        builder = flatbuffers.Builder(size + 2**16)
        builder.Finish(self.table.Pack(builder), file_identifier=b"TFL3")
        return self.files.append_to(bytes(builder.Output()))

    def _pack_buffers(self) -> None:
        referenced = {id(buffer): buffer for buffer in self._referenced_buffers()}
        kept = [
            buffer
            for number, buffer in enumerate(self.buffers)
            if number == 0 or id(buffer) in referenced or id(buffer) not in self._buffers_at_load
        ]
        known = set(map(id, kept))
        kept.extend(buffer for key, buffer in referenced.items() if key not in known)
        numbers = {id(buffer): number for number, buffer in enumerate(kept)}
        for graph in self.graphs:
            for tensor in graph.tensors:
                tensor.table.buffer = numbers[id(tensor.buffer)]
        for entry, buffer in self.metadata:
            entry.buffer = numbers[id(buffer)]
        # The old metadata_buffer list repeats the indices of the metadata entries.
        if self.table.metadataBuffer is not None:
            old = [self.buffers[index] for index in self.table.metadataBuffer if index < len(self.buffers)]
            self.table.metadataBuffer = np.array(
                [numbers[id(buffer)] for buffer in old if id(buffer) in numbers], dtype=np.int32
            )
        self.buffers = kept
        self.table.buffers = kept
        self.table.metadata = [entry for entry, _ in self.metadata] or self.table.metadata

    def _surviving_codes(self) -> list[tuple[int, Any, int]]:
        """The operator codes in the file's order, without those nobody uses any more, then new ones."""
        wanted = dict.fromkeys(
            (node.builtin_code, node.custom_code, node.version)
            for graph in self.graphs
            for node in graph.operators
        )
        old = [(number, _text(custom), version) for number, custom, version in self._codes]
        return [
            *dict.fromkeys(code for code in old if code in wanted),
            *(code for code in wanted if code not in old),
        ]

    @staticmethod
    def _pack_graph(graph: Graph, codes: dict[tuple[int, Any, int], int]) -> None:
        numbers: dict[TensorNode | None, int] = {tensor: index for index, tensor in enumerate(graph.tensors)}
        numbers[None] = -1

        def indices(tensors: Iterable[TensorNode | None]) -> np.ndarray[Any, Any]:
            return np.array([numbers[tensor] for tensor in tensors], dtype=np.int32)

        for node in graph.operators:
            node.table.opcodeIndex = codes[node.builtin_code, node.custom_code, node.version]
            node.table.inputs = indices(node.inputs)
            node.table.outputs = indices(node.outputs)
            node.table.intermediates = indices(node.intermediates) if node.intermediates else None
        graph.table.tensors = [tensor.table for tensor in graph.tensors]
        graph.table.operators = [node.table for node in graph.operators]
        graph.table.inputs = indices(graph.inputs)
        graph.table.outputs = indices(graph.outputs)


def _list(values: Any) -> list[Any]:
    return [] if values is None else list(values)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)


def _wide(code: Any) -> Any:
    """An operator code with its number in the wide field, whichever field the file uses."""
    code.builtinCode = max(code.builtinCode, code.deprecatedBuiltinCode)
    return code


def _operator_code(number: int, custom: str | None, version: int) -> Any:
    code = schema.OperatorCodeT()
    code.builtinCode = number
    code.deprecatedBuiltinCode = min(number, 127)  # 127 sends old readers to the wide field
    code.customCode = custom
    code.version = version
    return code


def _argument(name: Any, index: int) -> Any:
    argument = schema.TensorMapT()
    argument.name, argument.tensorIndex = name, index
    return argument


def _adopt_buffer(table: Any, data: bytes) -> AlignedBuffer:
    """A buffer with its bytes inside: data behind the flatbuffer would be lost when it is packed."""
    buffer = AlignedBuffer()
    buffer.data = table.data
    if table.data is None and table.offset > 1 and table.size:
        buffer.data = np.frombuffer(data[table.offset : table.offset + table.size], dtype=np.uint8)
    return buffer

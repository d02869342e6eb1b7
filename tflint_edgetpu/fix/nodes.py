"""The objects a model is made of while it is edited: buffers, tensors, operators, graphs, signatures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from ..model.schema import BUILTIN_OPERATORS, TENSOR_TYPES

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

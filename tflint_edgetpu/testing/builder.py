"""A small builder of ``.tflite`` models.

Values and sizes are chosen by the caller; weights are zeros unless given.  Every method that adds an
operator returns its output tensor (an index), so that calls chain::

    m = ModelBuilder()
    x = m.input((1, 32, 32, 3))
    m.output(m.conv2d(x, filters=8, size=3, activation="RELU6"))
    model = m.model()
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from ..model.graph import Model
from ..model.reader import read_model
from ..model.schema import BUILTIN_OPERATORS, TENSOR_TYPES

NUMPY_TYPES = {
    "FLOAT32": np.float32, "FLOAT16": np.float16, "INT32": np.int32, "UINT8": np.uint8,
    "INT64": np.int64, "BOOL": np.bool_, "INT16": np.int16, "INT8": np.int8, "UINT32": np.uint32,
}  # fmt: skip
ACTIVATIONS = {"NONE": 0, "RELU": 1, "RELU_N1_TO_1": 2, "RELU6": 3, "TANH": 4, "SIGN_BIT": 5}
PADDINGS = {"SAME": 0, "VALID": 1}

Scales = Union[float, Sequence[float], None]
Inputs = Sequence[Optional[int]]


class ModelBuilder:
    """Collects tensors and operators of one subgraph, then packs them. See the module's example."""

    def __init__(self, dtype: str = "INT8", description: str = "built by tflint_edgetpu.testing") -> None:
        self.dtype = dtype  # of activations and weights; FLOAT32 builds a float model
        self.model_t = schema.ModelT()
        self.model_t.version = 3
        self.model_t.description = description
        self.model_t.operatorCodes = []
        self.model_t.buffers = [schema.BufferT()]
        self.model_t.signatureDefs = []
        self.model_t.metadata = []
        self.model_t.subgraphs = []
        self.subgraph = self.add_subgraph("main")
        self._codes: dict[tuple[Any, ...], int] = {}
        self._attached: dict[str, bytes] = {}

    # Subgraphs, tensors, buffers

    def add_subgraph(self, name: str = "") -> Any:
        """Start another subgraph; later calls add to it. Returns the object API's SubGraphT."""
        graph = schema.SubGraphT()
        graph.tensors, graph.operators, graph.inputs, graph.outputs = [], [], [], []
        graph.name = name
        self.model_t.subgraphs.append(graph)
        self.subgraph = graph
        return graph

    def buffer(self, data: bytes) -> int:
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(data, dtype=np.uint8)
        self.model_t.buffers.append(buffer)
        return len(self.model_t.buffers) - 1

    def tensor(
        self,
        shape: Sequence[int],
        dtype: str | None = None,
        *,
        name: str | None = None,
        scale: Scales = 0.5,
        zero_point: int | Sequence[int] = 0,
        axis: int = 0,
        data: Any = None,
        signature: Sequence[int] | None = None,
        buffer: int | None = None,
        variable: bool = False,
    ) -> int:
        """Add a tensor and return its index.

        ``scale`` applies to 8- and 16-bit integers only; ``None`` leaves the tensor unquantized, a list
        makes it per channel along ``axis``.  ``data`` (anything numpy takes) makes it a constant.
        """
        dtype = dtype or self.dtype
        tensor = schema.TensorT()
        tensor.shape = list(shape)
        tensor.shapeSignature = None if signature is None else list(signature)
        tensor.type = TENSOR_TYPES.index(dtype)
        tensor.name = name if name is not None else f"t{len(self.subgraph.tensors)}"
        tensor.isVariable = variable
        tensor.buffer = buffer if buffer is not None else 0
        if data is not None:
            array: Any = np.broadcast_to(np.asarray(data, dtype=NUMPY_TYPES[dtype]), tuple(shape))
            tensor.buffer = self.buffer(np.ascontiguousarray(array).tobytes())
        if scale is not None and dtype in ("INT8", "UINT8", "INT16"):
            scales = [scale] if isinstance(scale, (int, float)) else list(scale)
            points = [zero_point] * len(scales) if isinstance(zero_point, int) else list(zero_point)
            tensor.quantization = self._quantization(scales, points, axis)
        self.subgraph.tensors.append(tensor)
        return len(self.subgraph.tensors) - 1

    @staticmethod
    def _quantization(scales: list[float], zero_points: list[int], axis: int) -> Any:
        quantization = schema.QuantizationParametersT()
        quantization.scale = scales
        quantization.zeroPoint = zero_points
        quantization.quantizedDimension = axis
        return quantization

    def constant(
        self, data: Any, dtype: str = "INT32", *, name: str | None = None, scale: Scales = 0.5
    ) -> int:
        array: Any = np.asarray(data, dtype=NUMPY_TYPES[dtype])
        return self.tensor(array.shape, dtype, name=name, data=array, scale=scale)

    def bias(self, size: int, scale: float = 0.25) -> int:
        """An int32 bias of zeros with the scale it needs (input scale x weight scale); float in a float model."""
        if self.dtype == "FLOAT32":
            return self.constant(np.zeros(size), "FLOAT32")
        index = self.constant(np.zeros(size), "INT32")
        self.subgraph.tensors[index].quantization = self._quantization([scale], [0], 0)
        return index

    def input(self, shape: Sequence[int], dtype: str | None = None, **keywords: Any) -> int:
        index = self.tensor(shape, dtype, **keywords)
        self.subgraph.inputs.append(index)
        return index

    def output(self, *indices: int) -> None:
        self.subgraph.outputs.extend(indices)

    def shape(self, index: int) -> tuple[int, ...]:
        return tuple(self.subgraph.tensors[index].shape)

    def scale_of(self, index: int) -> float:
        quantization = self.subgraph.tensors[index].quantization
        return 0.5 if quantization is None else float(quantization.scale[0])

    def signature(self, key: str, inputs: Mapping[str, int], outputs: Mapping[str, int]) -> None:
        definition = schema.SignatureDefT()
        definition.signatureKey = key
        definition.subgraphIndex = len(self.model_t.subgraphs) - 1
        definition.inputs = [self._argument(*pair) for pair in inputs.items()]
        definition.outputs = [self._argument(*pair) for pair in outputs.items()]
        self.model_t.signatureDefs.append(definition)

    @staticmethod
    def _argument(name: str, index: int) -> Any:
        argument = schema.TensorMapT()
        argument.name, argument.tensorIndex = name, index
        return argument

    def metadata(self, name: str, data: bytes) -> None:
        entry = schema.MetadataT()
        entry.name, entry.buffer = name, self.buffer(data)
        self.model_t.metadata.append(entry)

    def attach(self, name: str, data: bytes) -> None:
        """Append a file to the model as TFLite Metadata does, in a ZIP archive behind the flatbuffer."""
        self._attached[name] = data

    # Operators

    def op(
        self,
        kind: str,
        inputs: Inputs,
        outputs: Sequence[int],
        *,
        version: int = 1,
        options: str | None = None,
        custom_code: str | None = None,
        custom_options: bytes | None = None,
        **values: Any,
    ) -> int:
        """Add an operator and return its first output.

        ``options`` names the option table (``Conv2DOptions``), ``values`` its fields in snake case;
        ``None`` among ``inputs`` leaves out an optional one.
        """
        operator = schema.OperatorT()
        operator.opcodeIndex = self._code(kind, version, custom_code)
        operator.inputs = [-1 if index is None else index for index in inputs]
        operator.outputs = list(outputs)
        if options is not None:
            table = getattr(schema, options + "T")()
            for name, value in values.items():
                setattr(table, _camel(name), _code_of(name, value))
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, options)
            operator.builtinOptions = table
        if custom_options is not None:
            operator.customOptions = np.frombuffer(custom_options, dtype=np.uint8)
        self.subgraph.operators.append(operator)
        return outputs[0] if outputs else -1

    def _code(self, kind: str, version: int, custom_code: str | None) -> int:
        key = kind, version, custom_code
        if key not in self._codes:
            number = int(kind[8:]) if kind.startswith("BUILTIN_") else BUILTIN_OPERATORS.index(kind)
            code = schema.OperatorCodeT()
            code.builtinCode = number
            code.deprecatedBuiltinCode = min(number, 127)
            code.version = version
            code.customCode = custom_code
            self._codes[key] = len(self.model_t.operatorCodes)
            self.model_t.operatorCodes.append(code)
        return self._codes[key]

    def conv2d(
        self,
        x: int,
        filters: int = 8,
        size: int = 3,
        *,
        stride: int = 1,
        dilation: int = 1,
        padding: str = "SAME",
        activation: str = "NONE",
        groups: int = 1,
        per_channel: bool = True,
        version: int | None = None,
        scale: float = 0.5,
        name: str | None = None,
    ) -> int:
        batch, height, width, channels = self.shape(x)
        shape = (filters, size, size, channels // groups)
        weights = self._weights(shape, [0.5] * filters if per_channel else 0.5, axis=0)
        out = self.tensor(
            (batch, *_spatial((height, width), size, stride, dilation, padding), filters),
            scale=scale,
            name=name,
        )
        return self.op(
            "CONV_2D", [x, weights, self.bias(filters, self.scale_of(x) * 0.5)], [out],
            version=version or (3 if self.dtype == "INT8" else 1), options="Conv2DOptions",
            padding=padding, stride_w=stride, stride_h=stride, dilation_w_factor=dilation,
            dilation_h_factor=dilation, fused_activation_function=activation,
        )  # fmt: skip

    def depthwise_conv2d(
        self, x: int, size: int = 3, *, stride: int = 1, dilation: int = 1, padding: str = "SAME",
        activation: str = "NONE", name: str | None = None,
    ) -> int:  # fmt: skip
        batch, height, width, channels = self.shape(x)
        weights = self._weights((1, size, size, channels), [0.5] * channels, axis=3)
        out = self.tensor(
            (batch, *_spatial((height, width), size, stride, dilation, padding), channels), name=name
        )
        return self.op(
            "DEPTHWISE_CONV_2D", [x, weights, self.bias(channels, self.scale_of(x) * 0.5)], [out],
            version=3 if self.dtype == "INT8" else 1, options="DepthwiseConv2DOptions",
            padding=padding, stride_w=stride, stride_h=stride, depth_multiplier=1,
            dilation_w_factor=dilation, dilation_h_factor=dilation, fused_activation_function=activation,
        )  # fmt: skip

    def dense(
        self, x: int, units: int = 10, *, per_channel: bool = False, activation: str = "NONE",
        version: int | None = None, name: str | None = None, scale: float = 0.5,
    ) -> int:  # fmt: skip
        """FULLY_CONNECTED over the last dimension; the output is [rows, units]."""
        depth = self.shape(x)[-1]
        rows = math.prod(self.shape(x)) // depth
        weights = self._weights((units, depth), [0.5] * units if per_channel else 0.5, axis=0)
        out = self.tensor((rows, units), name=name, scale=scale)
        return self.op(
            "FULLY_CONNECTED", [x, weights, self.bias(units, self.scale_of(x) * 0.5)], [out],
            version=version or (4 if self.dtype == "INT8" else 1),
            options="FullyConnectedOptions", fused_activation_function=activation,
        )  # fmt: skip

    def _weights(self, shape: Sequence[int], scale: Scales, axis: int) -> int:
        if self.dtype == "FLOAT32":
            return self.tensor(shape, "FLOAT32", data=0)
        scale = scale if self.dtype == "INT8" else 0.5
        return self.tensor(shape, self.dtype, data=0, scale=scale, axis=axis)

    def pool(
        self, kind: str, x: int, size: int = 2, *, stride: int = 2, padding: str = "VALID",
        activation: str = "NONE", name: str | None = None,
    ) -> int:  # fmt: skip
        """``kind`` is AVERAGE_POOL_2D or MAX_POOL_2D."""
        batch, height, width, channels = self.shape(x)
        out = self.tensor((batch, *_spatial((height, width), size, stride, 1, padding), channels), name=name)
        return self.op(
            kind, [x], [out], version=2, options="Pool2DOptions", padding=padding, stride_w=stride,
            stride_h=stride, filter_width=size, filter_height=size, fused_activation_function=activation,
        )  # fmt: skip

    def unary(self, kind: str, x: int, *, version: int = 1, scale: Scales = 0.5, name: str | None = None,
              dtype: str | None = None, options: str | None = None, **values: Any) -> int:  # fmt: skip
        """An operator with one input and an output of the same shape."""
        out = self.tensor(self.shape(x), dtype, scale=scale, name=name)
        return self.op(kind, [x], [out], version=version, options=options, **values)

    def add(self, x: int, y: int, *, kind: str = "ADD", version: int = 2, activation: str = "NONE",
            name: str | None = None) -> int:  # fmt: skip
        """ADD, SUB or MUL; the output has the broadcast shape."""
        shape = np.broadcast_shapes(self.shape(x), self.shape(y))
        out = self.tensor(shape, name=name)
        options = {"ADD": "AddOptions", "SUB": "SubOptions", "MUL": "MulOptions", "DIV": "DivOptions"}[kind]
        return self.op(
            kind, [x, y], [out], version=version, options=options, fused_activation_function=activation
        )

    def concat(self, parts: Sequence[int], axis: int = -1, *, activation: str = "NONE", scale: float = 0.5,
               name: str | None = None) -> int:  # fmt: skip
        shape = list(self.shape(parts[0]))
        shape[axis] = sum(self.shape(part)[axis] for part in parts)
        out = self.tensor(shape, name=name, scale=scale)
        return self.op(
            "CONCATENATION", list(parts), [out], version=2, options="ConcatenationOptions", axis=axis,
            fused_activation_function=activation,
        )  # fmt: skip

    def reshape(self, x: int, shape: Sequence[int], *, name: str | None = None) -> int:
        out = self.tensor(shape, self._dtype(x), name=name, scale=self.scale_of(x))
        return self.op(
            "RESHAPE", [x, self.constant(list(shape))], [out], options="ReshapeOptions", new_shape=list(shape)
        )

    def transpose(self, x: int, permutation: Sequence[int], *, name: str | None = None) -> int:
        shape = [self.shape(x)[axis] for axis in permutation]
        out = self.tensor(shape, name=name)
        return self.op(
            "TRANSPOSE", [x, self.constant(list(permutation))], [out], version=2, options="TransposeOptions"
        )

    def quantize(self, x: int, dtype: str = "INT8", *, scale: float = 0.5, zero_point: int = 0,
                 name: str | None = None) -> int:  # fmt: skip
        out = self.tensor(self.shape(x), dtype, scale=scale, zero_point=zero_point, name=name)
        return self.op("QUANTIZE", [x], [out], options="QuantizeOptions")

    def dequantize(self, x: int, *, name: str | None = None) -> int:
        out = self.tensor(self.shape(x), "FLOAT32", name=name)
        return self.op("DEQUANTIZE", [x], [out], version=2, options="DequantizeOptions")

    def _dtype(self, index: int) -> str:
        return TENSOR_TYPES[self.subgraph.tensors[index].type]

    # Packing

    def build(self) -> bytes:
        """The model's bytes."""
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model_t.Pack(builder), file_identifier=b"TFL3")
        stream = io.BytesIO(bytes(builder.Output()))
        if self._attached:
            stream.seek(0, io.SEEK_END)
            with zipfile.ZipFile(stream, "a") as archive:
                for name, data in self._attached.items():
                    archive.writestr(zipfile.ZipInfo(name), data)
        return stream.getvalue()

    def model(self) -> Model:
        """The model as our own reader sees it."""
        return read_model(self.build())


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _code_of(name: str, value: Any) -> Any:
    if name == "fused_activation_function":
        return ACTIVATIONS[value]
    return PADDINGS[value] if name == "padding" else value


def _spatial(sizes: tuple[int, int], size: int, stride: int, dilation: int, padding: str) -> list[int]:
    reach = dilation * (size - 1)
    return [math.ceil((side if padding == "SAME" else side - reach) / stride) for side in sizes]

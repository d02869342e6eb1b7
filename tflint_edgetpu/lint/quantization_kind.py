"""What kind of model a file is: in which arithmetic its operators work."""

from __future__ import annotations

from ..edgetpu.arithmetic import arithmetic_of
from ..edgetpu.cost import multiply_accumulates
from ..edgetpu.custom_op import is_compiled
from ..edgetpu.tail import cpu_tail
from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator, Tensor

# All words that quantization_kind() returns, with what each one says about the model.
QUANTIZATION_KINDS = {
    "full integer": "every operator works on quantized 8-bit tensors, inputs and outputs included",
    "int8 with float I/O": "8-bit operators (int8) between float inputs or outputs",
    "uint8 with float I/O": "8-bit operators (uint8) between float inputs or outputs",
    "partly float": "some operators work on 8-bit tensors, others in float",
    "float32": "all operators work in float, the weights are float32",
    "float16": "all operators work in float, weights are stored as float16",
    "dynamic range": "the weights are 8-bit integers, but every activation is float",
    "weights only": "weights are stored as 8-bit integers and turned back to float before they are used",
    "fake quantized": "a float model that only rounds its tensors, from quantization-aware training",
    "int16x8": "activations are quantized to 16 bits",
    "unquantized integer": "operators compute on integers without a scale",
    "compiled": "edgetpu_compiler already made this file",
    "no arithmetic": "nothing in the model computes on numbers",
}

# A weight of these types belongs to a quantized model; larger integers are shapes, axes and biases.
SMALL_INTEGERS = frozenset(("INT8", "UINT8", "INT4", "UINT4", "INT2"))


class Arithmetic:
    """The operators of the main subgraph by what they compute in: ``float``, ``int8``, ``int16`` or
    ``integer``. The tail that stays on the CPU in any model of its kind (a detection postprocess) does
    not count.
    """

    def __init__(self, model: Model, dataflow: Dataflow) -> None:
        self.dataflow = dataflow
        tail = cpu_tail(dataflow)
        self._parts: dict[str, list[Operator]] = {}
        for operator in model.main.operators:
            kind = None if operator in tail else arithmetic_of(operator, model)
            if kind is not None:
                self._parts.setdefault(kind, []).append(operator)

    def of(self, *kinds: str) -> list[Operator]:
        """The operators that compute in one of these, in file order within each."""
        return [operator for kind in kinds for operator in self._parts.get(kind, ())]

    @property
    def is_mostly_float(self) -> bool:
        """Whether more is computed in float than in integers; by the number of operators where there are no
        multiplications. Such a model was not quantized, whatever else is in it."""
        weights = [
            (sum(map(multiply_accumulates, operators)), len(operators))
            for operators in (self.of("float"), self.of("int8", "int16", "integer"))
        ]
        return weights[0] > weights[1]


def quantization_kind(model: Model, parts: Arithmetic | None = None) -> str:
    """One of the words of :data:`QUANTIZATION_KINDS`, for the main subgraph."""
    if is_compiled(model):
        return "compiled"
    parts = parts or Arithmetic(model, Dataflow(model.main))
    if parts.of("int16"):
        return "int16x8"
    if parts.of("int8"):
        return "partly float" if parts.of("float") else _integer_kind(model, parts)
    if parts.of("float"):
        return _float_kind(model, parts.of("float"))
    return "unquantized integer" if parts.of("integer") else "no arithmetic"


def _integer_kind(model: Model, parts: Arithmetic) -> str:
    ends = (*model.main.inputs, *model.main.outputs)
    if not any(_is_float_boundary(tensor, parts.dataflow) for tensor in ends):
        return "full integer"
    outputs = [tensor.dtype for operator in parts.of("int8") for tensor in operator.outputs]
    unsigned = outputs.count("UINT8") > outputs.count("INT8")
    return "uint8 with float I/O" if unsigned else "int8 with float I/O"


def _is_float_boundary(tensor: Tensor, dataflow: Dataflow) -> bool:
    """Whether an input or output is float. What a detection postprocess writes does not count: it has no
    other type to offer."""
    producer = dataflow.producer(tensor)
    return tensor.dtype.startswith("FLOAT") and (producer is None or producer.kind == "DEQUANTIZE")


def _float_kind(model: Model, operators: list[Operator]) -> str:
    """Which kind of float model it is, by the constants its operators read."""
    direct = {tensor for operator in operators for tensor in operator.inputs if tensor is not None}
    if any(tensor.dtype in SMALL_INTEGERS and model.is_constant(tensor) for tensor in direct):
        return "dynamic range"
    dequantized = {
        operator.inputs[0]
        for operator in model.main.operators
        if operator.kind in ("DEQUANTIZE", "DENSIFY") and operator.inputs and operator.inputs[0] is not None
    }
    stored = {tensor.dtype for tensor in (*dequantized, *direct) if tensor and model.is_constant(tensor)}
    if "FLOAT16" in stored:
        return "float16"
    if stored & SMALL_INTEGERS:
        return "weights only"
    if any(operator.kind in ("QUANTIZE", "FAKE_QUANT") for operator in model.main.operators):
        return "fake quantized"
    return "float32"

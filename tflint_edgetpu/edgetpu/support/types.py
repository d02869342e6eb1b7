"""Data types: the Edge TPU computes on quantized 8-bit tensors only."""

from __future__ import annotations

from ...model.graph import Operator, Tensor
from ..target import INT8_RUNTIME
from .constraint import Facts, Status, constraint, documented, measured
from .evidence import Case

EIGHT_BIT = frozenset(("INT8", "UINT8"))


def _describe(tensor: Tensor) -> str:
    return f"'{tensor.name}' is {tensor.dtype}" + ("" if tensor.is_quantized else " without quantization")


@constraint(
    status=Status.DATA_TYPE,
    source=documented("coral.ai/docs/edgetpu/models-intro, model requirements"),
)
def activations_are_quantized_to_8_bit(operator: Operator, facts: Facts) -> str | None:
    """Every activation the operator reads or writes is quantized to INT8 or UINT8. Constant operands
    such as an int32 bias, a shape or paddings are no activations, nor is the state of an LSTM. A QUANTIZE
    that reads float is refused for a reason of its own."""
    is_constant = facts.model.is_constant
    for tensor in operator.inputs:
        if tensor is None or tensor.dtype in EIGHT_BIT or tensor.is_variable or is_constant(tensor):
            continue
        if operator.kind == "QUANTIZE" and tensor.dtype.startswith("FLOAT"):
            continue
        return _describe(tensor)
    for tensor in operator.outputs:
        if tensor.dtype not in EIGHT_BIT:
            return _describe(tensor)
    return None


@constraint(
    status=Status.DATA_TYPE,
    source=measured(
        "google-coral/edgetpu issues 225, 358 and 439: -m 11 and lower map no int8 operator, exit status 0"
    ),
)
def int8_needs_runtime_12(operator: Operator, facts: Facts) -> str | None:
    """Signed 8-bit tensors need runtime version 12 or higher: --min_runtime_version is at least 12."""
    if facts.target.runtime >= INT8_RUNTIME:
        return None
    for tensor in facts.activations(operator.tensors):
        if tensor.dtype == "INT8":
            return f"'{tensor.name}' is INT8 and the target is runtime {facts.target.runtime}"
    return None


FLOAT_CASES = (
    Case(
        "QUANTIZE",
        False,
        ((1, 64, 64, 3),),
        ((1, 64, 64, 3),),
        "quantrl_conv_sweep",
        "Jorgitou98_N32 and N41, 16.0",
    ),
    Case(
        "QUANTIZE",
        False,
        ((1, 128, 128, 3),),
        ((1, 128, 128, 3),),
        "facemesh",
        "zye1996_face_detection, 15.0",
    ),
    Case("QUANTIZE", False, ((16, 1, 1),), ((16, 1, 1),), "forest_gemm", "R-e-d-a-X_model_16_1_2_1, 16.0"),
)


@constraint(
    "QUANTIZE",
    status=Status.UNSPECIFIED,
    source=measured(
        "25 of 25 QUANTIZE from float in compiled models and 13 of 13 in public logs, 2.1 to 16.0"
    ),
    cases=FLOAT_CASES,
)
def quantize_does_not_read_float(operator: Operator, facts: Facts) -> str | None:
    """QUANTIZE converts between quantized 8-bit tensors: it changes the scale or the sign. From float it
    stays on the CPU."""
    for tensor in facts.activations(operator.inputs):
        if tensor.dtype.startswith("FLOAT"):
            return f"'{tensor.name}' is {tensor.dtype}"
    return None


CONSTRAINTS = (activations_are_quantized_to_8_bit, int8_needs_runtime_12, quantize_does_not_read_float)

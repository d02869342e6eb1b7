"""Data types: the Edge TPU computes on quantized 8-bit tensors only."""

from __future__ import annotations

from ...model.graph import Operator, Tensor
from .constraint import Facts, Status, constraint, documented

EIGHT_BIT = frozenset(("INT8", "UINT8"))


def _describe(tensor: Tensor) -> str:
    return f"'{tensor.name}' is {tensor.dtype}" + ("" if tensor.is_quantized else " without quantization")


@constraint(
    status=Status.DATA_TYPE,
    source=documented("coral.ai/docs/edgetpu/models-intro, model requirements"),
)
def activations_are_quantized_to_8_bit(operator: Operator, facts: Facts) -> str | None:
    """Every activation the operator reads or writes is quantized to INT8 or UINT8. Constant operands
    such as an int32 bias, a shape or paddings are no activations."""
    for tensor in operator.tensors:
        if facts.model.is_constant(tensor):
            continue
        if tensor.dtype not in EIGHT_BIT:
            return _describe(tensor)
    return None


CONSTRAINTS = (activations_are_quantized_to_8_bit,)

"""In which arithmetic an operator works: float, quantized integers, or integers without a scale."""

from __future__ import annotations

from ..model.graph import Model, Operator, Tensor

# What they say of a tensor is its shape: its values do not matter to them.
SHAPE_QUERIES = frozenset(("RANK", "SHAPE"))
CONVERSIONS = frozenset(("QUANTIZE", "DEQUANTIZE", "FAKE_QUANT"))
EIGHT_BIT = frozenset(("INT8", "UINT8"))


def has_scale(tensor: Tensor) -> bool:
    """Whether the tensor has at least one scale (blockwise quantization, for one, keeps them elsewhere)."""
    return tensor.quantization is not None and bool(tensor.quantization.scales)


def arithmetic_of(operator: Operator, model: Model) -> str | None:
    """In what an operator computes: ``float``, ``int8``, ``int16``, ``integer`` (without a scale), or
    ``None`` for conversions, shape queries, operators without numbers and custom ones, of which nobody knows.

    Its activations decide; constants and state (the 16-bit cell of an LSTM) do not.
    """
    if operator.kind in CONVERSIONS or operator.kind in SHAPE_QUERIES or operator.kind == "CUSTOM":
        return None
    found = None
    for tensors, are_outputs in ((operator.inputs, False), (operator.outputs, True)):
        for tensor in tensors:
            if tensor is None or tensor.is_variable or model.is_constant(tensor):
                continue
            dtype = tensor.dtype
            if dtype.startswith(("FLOAT", "BFLOAT")):
                return "float"
            if has_scale(tensor) and dtype == "INT16":
                found = "int16"
            elif has_scale(tensor) and dtype in EIGHT_BIT:
                found = "int16" if found == "int16" else "int8"
            elif found is None and are_outputs and dtype.startswith(("INT", "UINT")):
                found = "integer"  # integers that are only read may be indices
    return found

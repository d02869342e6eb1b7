"""Float inputs and outputs of a quantized model: where real numbers meet integers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflint_edgetpu.api import Operator, Tensor, counted

# Number of the input or output, the float32 tensor, the QUANTIZE or DEQUANTIZE, the integers on its other side.
Boundary = tuple[int, Tensor, Operator, Tensor]
MOST_LINES = 8  # of Python in a fix: the contract card has all of them


def types(found: Sequence[Boundary]) -> list[str]:
    """The types of the integers, as NumPy and TensorFlow call them."""
    return sorted({inner.dtype.lower() for _, _, _, inner in found})


def cost(found: Sequence[Boundary]) -> str:
    wide, narrow = _bytes(found)
    return (
        f"{wide:,} bytes instead of {narrow:,} for each inference, and {counted(len(found), 'more CPU operator')}; "
        "nothing else leaves the Edge TPU for it"
    )


def evidence(found: Sequence[Boundary], side: str) -> dict[str, Any]:
    """``side`` is ``inputs`` or ``outputs``."""
    wide, narrow = _bytes(found)
    return {side: len(found), "quantized_dtypes": types(found), "bytes": wide, "quantized_bytes": narrow}


def _bytes(found: Sequence[Boundary]) -> tuple[int, int]:
    """Of the float32 tensors, and of the integers."""
    return sum(outer.bytes or 0 for _, outer, _, _ in found), sum(inner.bytes or 0 for *_, inner in found)

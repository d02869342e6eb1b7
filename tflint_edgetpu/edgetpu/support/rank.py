"""Ranks: a tensor has at most three dimensions that are larger than 1, the innermost ones."""

from __future__ import annotations

from ...model.graph import Operator
from .constants import FILTERS
from .constraint import Facts, Status, constraint, documented
from .evidence import Case

CASES = (
    Case("PACK", False, ((1, 10, 10, 128),) * 2, ((1, 10, 10, 2, 128),), "ssd_detection", "clsandoval_model"),
    Case("RESHAPE", True, ((16, 15, 1),), ((240, 1),), "forest_gemm", "R-e-d-a-X_model_16_4_2_1"),
    Case("RESHAPE", True, ((1, 11, 256),), ((11, 256),), "forest_gemm", "R-e-d-a-X_model_1_4_2_256"),
)


@constraint(
    status=Status.RANK,
    source=documented("coral.ai/docs/edgetpu/models-intro, model requirements"),
    cases=CASES,
)
def only_three_innermost_dimensions(operator: Operator, facts: Facts) -> str | None:
    """Tensors are 1-, 2- or 3-dimensional; with more dimensions only the three innermost are larger than
    1. Axis 0 of a tensor with four dimensions is the batch, so the batch is 1 and nothing is packed, padded
    or split into it; with fewer dimensions axis 0 may have any size. Filters are no activations and may have
    four dimensions."""
    is_constant = facts.model.is_constant
    skipped = FILTERS.get(operator.kind)
    for number, tensor in enumerate(operator.inputs):
        if tensor is None or len(tensor.shape) < 4 or number == skipped or is_constant(tensor):
            continue
        if any(size > 1 for size in tensor.shape[:-3]):
            return f"'{tensor.name}' has shape {list(tensor.shape)}"
    for tensor in operator.outputs:
        if len(tensor.shape) > 3 and any(size > 1 for size in tensor.shape[:-3]):
            return f"'{tensor.name}' has shape {list(tensor.shape)}"
    return None


CONSTRAINTS = (only_three_innermost_dimensions,)

"""Ranks: a tensor has at most three dimensions that are larger than 1, the innermost ones."""

from __future__ import annotations

from ...model.graph import Operator
from .constraint import Facts, Status, constraint, documented


@constraint(
    status=Status.RANK,
    source=documented("coral.ai/docs/edgetpu/models-intro, model requirements"),
)
def only_three_innermost_dimensions(operator: Operator, facts: Facts) -> str | None:
    """Tensors are 1-, 2- or 3-dimensional; with more dimensions only the three innermost are larger
    than 1."""
    for tensor in operator.tensors:
        if not facts.model.is_constant(tensor) and any(size > 1 for size in tensor.shape[:-3]):
            return f"'{tensor.name}' has shape {list(tensor.shape)}"
    return None


CONSTRAINTS = (only_three_innermost_dimensions,)

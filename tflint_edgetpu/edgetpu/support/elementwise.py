"""Operators that work on each value by itself."""

from __future__ import annotations

from ...model.graph import Operator
from .constraint import Facts, Status, constraint, documented
from .evidence import Case
from .operators import TABLE


@constraint(
    "PRELU",
    status=Status.UNSPECIFIED,
    source=documented(TABLE),
    cases=(
        Case(
            "PRELU",
            True,
            ((1, 384, 384, 64),),
            ((1, 384, 384, 64),),
            "prelu",
            "public log, alpha [1, 1, 64], 16.0",
        ),
    ),
)
def alpha_is_one_dimensional(operator: Operator, facts: Facts) -> str | None:
    """The alpha of PRELU has one dimension: one value a channel. In Keras, PReLU(shared_axes=[1, 2])."""
    alpha = operator.input(1)
    if alpha is None or all(size == 1 for size in alpha.shape[:-1]):
        return None
    return f"alpha '{alpha.name}' has shape {list(alpha.shape)}"


CONSTRAINTS = (alpha_is_one_dimensional,)

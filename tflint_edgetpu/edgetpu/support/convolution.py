"""Convolutions and pools."""

from __future__ import annotations

from ...model.graph import Operator
from .constraint import Facts, Status, constraint, documented
from .operators import TABLE


@constraint("CONV_2D", "DEPTHWISE_CONV_2D", status=Status.UNSPECIFIED, source=documented(TABLE))
def dilation_is_the_same_in_both_directions(operator: Operator, facts: Facts) -> str | None:
    """The dilation is the same in x and y."""
    across, down = operator.option("dilation_w_factor", 1), operator.option("dilation_h_factor", 1)
    return None if across == down else f"dilation {across} in x and {down} in y"


@constraint(
    "AVERAGE_POOL_2D", "CONCATENATION", "MAX_POOL_2D", status=Status.UNSPECIFIED, source=documented(TABLE)
)
def no_fused_activation(operator: Operator, facts: Facts) -> str | None:
    """AVERAGE_POOL_2D, MAX_POOL_2D and CONCATENATION carry no fused activation function."""
    activation = operator.option("fused_activation_function", "NONE")
    return None if activation == "NONE" else f"fused {activation}"


CONSTRAINTS = (dilation_is_the_same_in_both_directions, no_fused_activation)

"""What several rules of this family say about refused operators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tflint_edgetpu.api import Certainty, Context, Operator, Severity

if TYPE_CHECKING:
    from typing import TypedDict

    class Consequences(TypedDict):
        """Arguments of :meth:`Rule.finding` that follow from the operators alone."""

        severity: Severity
        certainty: Certainty
        cost: str
        related: tuple[Operator, ...]


def refused(context: Context, *kinds: str) -> list[Operator]:
    """The operators of these kinds that the Edge TPU refuses on their own account, those of the CPU tail
    aside, in file order.
    """
    return [operator for operator in context.operators(*kinds) if is_refused(context, operator)]


def is_refused(context: Context, operator: Operator) -> bool:
    placed = context.placed(operator)
    ends = context.placement.tail | context.placement.entry
    return placed.role == "breaker" and operator not in ends


def consequences(context: Context, operators: Iterable[Operator]) -> Consequences:
    """How bad it is that ``operators`` run on the CPU, how sure that is, and what lies behind them."""
    operators = tuple(operators)
    certainty = context.certainty_of(operators)
    if not something_maps(context):
        return {
            "severity": Severity.INFO,
            "certainty": certainty,
            "cost": "nothing of this model maps as it is; this is left to mend once the rest is",
            "related": (),
        }
    return {
        "severity": context.severity_of_loss(operators),
        "certainty": certainty,
        "cost": context.cost_of_loss(operators),
        "related": context.loss(operators).blocked,
    }


def something_maps(context: Context) -> bool:
    """Whether the Edge TPU supports any operator of the model, reached or not."""
    return any(placed.role != "breaker" for placed in context.placement.operators)

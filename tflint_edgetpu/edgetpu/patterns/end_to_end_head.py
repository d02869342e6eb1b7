"""The head of a detector that needs no non-maximum suppression: it picks the best boxes by TOPK_V2."""

from __future__ import annotations

from ...model.dataflow import Dataflow
from ...model.graph import Operator
from ...model.record import NamedTuple
from ..cost import multiply_accumulates

GATHERING = frozenset(("GATHER", "GATHER_ND"))


class EndToEndHead(NamedTuple):
    """All in file order."""

    operators: tuple[Operator, ...]  # the TOPK_V2 operators and everything that depends on them
    entries: tuple[Operator, ...]  # what computes the tensors that the head reads from the network
    topk: int  # number of boxes it keeps, 0 where it is not known


def find_end_to_end_head(dataflow: Dataflow) -> EndToEndHead | None:
    """TOPK_V2, what picks boxes by its indices, and all that follows. ``None`` where nothing is gathered or
    where arithmetic follows: then it is no head.
    """
    choices = [operator for operator in dataflow.subgraph.operators if operator.kind == "TOPK_V2"]
    if not choices:
        return None
    head = dataflow.downstream(choices).union(choices)
    if not any(operator.kind in GATHERING for operator in head):
        return None
    if any(multiply_accumulates(operator) for operator in head):
        return None
    entries = {
        source for operator in head for source in dataflow.predecessors(operator) if source not in head
    }
    values = choices[0].output()
    count = values.shape[-1] if values is not None and values.shape else 0
    return EndToEndHead(_in_order(head), _in_order(entries), count)


def _in_order(operators: set[Operator]) -> tuple[Operator, ...]:
    return tuple(sorted(operators, key=lambda operator: operator.index))

"""Which operators run together: TensorFlow Lite's partitioning of a graph into independent subsets.

Source: ``PartitionGraphIntoIndependentNodeSubsets`` of TensorFlow Lite (``tensorflow/lite/graph_info.cc``).
Repeat until every operator has a subset: open a subset of the type (supported or not) of the first
ready operator in file order, then add every ready operator of that type until none is left.  Ready
means that everything it reads has been produced.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

from ..model.dataflow import Dataflow
from ..model.graph import Operator


def partition(
    dataflow: Dataflow, is_supported: Callable[[Operator], bool]
) -> list[tuple[bool, list[Operator]]]:
    """``(supported, operators)`` of each subset, in the order in which they run.

    An operator that waits for a tensor nobody produces (a cycle in a damaged file) is in no subset.
    """
    operators = dataflow.subgraph.operators
    waiting: dict[Operator, int] = {}
    ready: dict[bool, list[int]] = {True: [], False: []}

    def make_ready(operator: Operator) -> None:
        heappush(ready[is_supported(operator)], operator.index)

    for operator in operators:
        waiting[operator] = sum(1 for _ in dataflow.predecessors(operator))
        if waiting[operator] == 0:
            make_ready(operator)

    subsets: list[tuple[bool, list[Operator]]] = []
    while ready[True] or ready[False]:
        first_supported = ready[True][0] if ready[True] else len(operators)
        first_other = ready[False][0] if ready[False] else len(operators)
        kind = first_supported < first_other
        subset: list[Operator] = []
        while ready[kind]:
            operator = operators[heappop(ready[kind])]
            subset.append(operator)
            for successor in dataflow.successors(operator):
                waiting[successor] -= 1
                if waiting[successor] == 0:
                    make_ready(successor)
        subsets.append((kind, sorted(subset, key=lambda operator: operator.index)))
    return subsets

"""The operator table of a log, pinned to the operators of the model by counts and by the graph."""

from __future__ import annotations

from ..model.dataflow import Dataflow
from ..model.graph import Operator
from ..model.record import NamedTuple
from .log.result import LoggedModel, Outcome
from .partition import partition
from .placement import Placement
from .support.constraint import Status


class Pinned(NamedTuple):
    """Where one operator ran. ``certain``: the evidence leaves no other choice."""

    on: str  # edgetpu or cpu
    status: str | None  # None: not known why
    certain: bool


def pin_by_counts(
    dataflow: Dataflow, placement: Placement, logged: LoggedModel, *, multiple_subgraphs: bool
) -> dict[Operator, Pinned]:
    """What the table says about each operator; those it leaves open are missing.

    Where only some operators of a kind were refused, the predicted ones are taken first, then those
    with the largest tensors; the choice stands only if the partition it leads to gives the table's counts.
    """
    by_kind: dict[str, list[Operator]] = {}
    for operator in dataflow.subgraph.operators:
        by_kind.setdefault(operator.kind, []).append(operator)
    table: dict[str, dict[str, int]] = {}
    for row in logged.rows:
        statuses = table.setdefault(row.operator, {})
        statuses[row.status] = statuses.get(row.status, 0) + row.count
    if not table:
        return _without_table(dataflow, logged)
    pinned: dict[Operator, Pinned] = {}
    refused: dict[Operator, str] = {}
    for kind, operators in by_kind.items():
        statuses = table.get(kind, {})
        if sum(statuses.values()) != len(operators):
            continue  # cut off or elided
        if len(statuses) == 1:
            status = next(iter(statuses))
            on = "edgetpu" if status == Status.MAPPED else "cpu"
            pinned.update(dict.fromkeys(operators, Pinned(on, status, True)))
        refused.update(_choose(operators, statuses, placement))
    open_kinds = {kind: operators for kind, operators in by_kind.items() if len(table.get(kind, {})) > 1}
    if any(sum(table.get(kind, {}).values()) != len(operators) for kind, operators in by_kind.items()):
        return pinned  # without the whole table the partition proves nothing
    subsets = [
        operators for supported, operators in partition(dataflow, lambda one: one not in refused) if supported
    ]
    # A *_edgetpu.log does not tell whether it comes from a compile with several subgraphs.
    for chosen in [subsets] if multiple_subgraphs else [subsets[:1], subsets]:
        mapped = {operator for subset in chosen for operator in subset}
        if all(
            sum(operator in mapped for operator in operators) == table[kind].get(Status.MAPPED, 0)
            for kind, operators in by_kind.items()
        ):
            for operators in open_kinds.values():
                pinned.update(
                    (operator, _from_partition(operator, mapped, refused)) for operator in operators
                )
            break
    return pinned


def _without_table(dataflow: Dataflow, logged: LoggedModel) -> dict[Operator, Pinned]:
    if logged.outcome == Outcome.FULL:
        return dict.fromkeys(dataflow.subgraph.operators, Pinned("edgetpu", Status.MAPPED, True))
    if logged.outcome == Outcome.NONE_MAPPED:
        return dict.fromkeys(dataflow.subgraph.operators, Pinned("cpu", None, True))
    return {}


def _choose(operators: list[Operator], statuses: dict[str, int], placement: Placement) -> dict[Operator, str]:
    """The operators of one kind that were refused on their own account."""
    own = {
        status: count
        for status, count in statuses.items()
        if status not in (Status.MAPPED, Status.MORE_THAN_ONE_SUBGRAPH)
    }
    chosen: dict[Operator, str] = {}
    for status, count in sorted(own.items(), key=lambda pair: pair[1]):
        ranked = sorted(
            (operator for operator in operators if operator not in chosen),
            key=lambda operator: _rank(operator, status, placement),
        )
        chosen.update(dict.fromkeys(ranked[:count], status))
    return chosen


def _rank(operator: Operator, status: str, placement: Placement) -> tuple[int, int, int]:
    """Lower is likelier to have been refused with ``status``."""
    predicted = placement.of(operator)
    as_breaker = 0 if predicted.status == status else 2
    as_supported = 1 if predicted.reason else 3  # with doubts, or without
    order = as_breaker if predicted.role == "breaker" else as_supported
    largest = max((tensor.elements for tensor in operator.tensors), default=0)
    return order, -largest, operator.index


def _from_partition(operator: Operator, mapped: set[Operator], refused: dict[Operator, str]) -> Pinned:
    if operator in refused:
        return Pinned("cpu", refused[operator], False)
    if operator in mapped:
        return Pinned("edgetpu", Status.MAPPED, False)
    return Pinned("cpu", Status.MORE_THAN_ONE_SUBGRAPH, False)

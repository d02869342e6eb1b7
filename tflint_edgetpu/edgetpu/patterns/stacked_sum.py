"""A sum written as PACK and SUM: the weighted fusion of a BiFPN, as EfficientDet exporters write it."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.dataflow import Dataflow
from ...model.graph import Model, Operator
from ...model.record import NamedTuple


class StackedSum(NamedTuple):
    operators: tuple[Operator, ...]  # PACK, perhaps a MUL by weights, SUM
    addends: int


def find_stacked_sums(model: Model, dataflow: Dataflow) -> Iterator[StackedSum]:
    """PACK of several tensors along an axis that a SUM takes away again, in file order."""
    for operator in dataflow.subgraph.operators:
        if operator.kind != "PACK" or len(operator.inputs) < 2 or not operator.outputs:
            continue
        chain = [operator]
        reader = _only_reader(dataflow, operator)
        if reader is not None and reader.kind == "MUL":
            chain.append(reader)
            reader = _only_reader(dataflow, reader)
        if reader is None or reader.kind != "SUM":
            continue
        rank = len(operator.outputs[0].shape)
        axes = model.values(reader.input(1), 8)
        packed = operator.option("axis", 0) % rank if rank else 0
        if axes is not None and len(axes) == 1 and int(axes[0]) % max(1, rank) == packed:
            yield StackedSum((*chain, reader), len(operator.inputs))


def _only_reader(dataflow: Dataflow, operator: Operator) -> Operator | None:
    readers = list(dataflow.successors(operator))
    alone = len(readers) == 1 and not any(dataflow.is_output(tensor) for tensor in operator.outputs)
    return readers[0] if alone else None

"""Pairs of TRANSPOSE that undo each other: what is left of a channels-first model between its layers."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.dataflow import Dataflow
from ...model.graph import Model, Operator
from ...model.record import NamedTuple

# They treat every element alike, so that a TRANSPOSE may stand before or behind them. LOGISTIC and TANH
# included; anything with axes, weights per channel or a second operand that is not a scalar is not.
ELEMENTWISE = frozenset(
    ("RELU", "RELU6", "RELU_N1_TO_1", "LEAKY_RELU", "HARD_SWISH", "ELU", "LOGISTIC", "TANH", "QUANTIZE")
)
LONGEST = 6  # elementwise operators between the two

TO_CHANNELS_FIRST = (0, 3, 1, 2)
TO_CHANNELS_LAST = (0, 2, 3, 1)


class TransposePair(NamedTuple):
    first: Operator
    second: Operator
    between: tuple[Operator, ...]


def permutation(model: Model, operator: Operator) -> tuple[int, ...] | None:
    """The permutation of a TRANSPOSE, ``None`` where it is computed or makes no sense."""
    values = model.values(operator.input(1), 8)
    source = operator.input(0)
    if values is None or source is None or sorted(values) != list(range(len(source.shape))):
        return None
    return tuple(int(value) for value in values)


def turns_channels_first_input(model: Model, dataflow: Dataflow, operator: Operator) -> bool:
    """Whether a TRANSPOSE moves an input of the model from channels-first to channels-last."""
    source = operator.input(0)
    return (
        source is not None and dataflow.is_input(source) and permutation(model, operator) == TO_CHANNELS_LAST
    )


def find_transpose_pairs(model: Model, dataflow: Dataflow) -> Iterator[TransposePair]:
    """The pairs with nothing or only elementwise operators between them, in file order of the first."""
    for operator in dataflow.subgraph.operators:
        if operator.kind != "TRANSPOSE":
            continue
        order = permutation(model, operator)
        if order is None:
            continue
        between: list[Operator] = []
        readers = list(dataflow.successors(operator))
        while len(readers) == 1 and readers[0].kind in ELEMENTWISE and len(between) < LONGEST:
            between.append(readers[0])
            readers = list(dataflow.successors(readers[0]))
        for reader in readers:
            if reader.kind != "TRANSPOSE":
                continue
            back = permutation(model, reader)
            if back is None or len(back) != len(order):
                continue
            if all(order[axis] == place for place, axis in enumerate(back)):
                yield TransposePair(operator, reader, tuple(between))

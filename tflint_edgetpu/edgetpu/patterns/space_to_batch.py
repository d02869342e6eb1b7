"""A dilated convolution written as SPACE_TO_BATCH_ND, an ordinary convolution and BATCH_TO_SPACE_ND.

The converter writes it that way when sizes are open, and TensorFlow 2.5 and 2.6 did so always
(tensorflow issue 52290).  The pieces of the picture become a batch.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...model.dataflow import Dataflow
from ...model.graph import Model, Operator
from ...model.record import NamedTuple

# What may stand between the convolution and the BATCH_TO_SPACE_ND: a bias or an activation of its own.
BETWEEN = frozenset(("ADD", "LOGISTIC", "MAXIMUM", "MINIMUM", "MUL", "RELU", "RELU6", "RELU_N1_TO_1", "TANH"))
LONGEST = 4


class SpreadConvolution(NamedTuple):
    operators: tuple[Operator, ...]  # from SPACE_TO_BATCH_ND to BATCH_TO_SPACE_ND
    convolution: Operator
    dilation: tuple[int, ...] | None  # one factor for each spatial dimension; None where it is computed


def find_spread_convolutions(model: Model, dataflow: Dataflow) -> Iterator[SpreadConvolution]:
    """Each of them, in file order."""
    for spread in dataflow.subgraph.operators:
        if spread.kind != "SPACE_TO_BATCH_ND":
            continue
        convolution = _only_reader(dataflow, spread)
        if convolution is None or convolution.kind not in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            continue
        chain = [spread, convolution]
        for _ in range(LONGEST):
            following = _only_reader(dataflow, chain[-1])
            if following is None:
                break
            chain.append(following)
            if following.kind == "BATCH_TO_SPACE_ND":
                values = model.values(spread.input(1), 8)
                dilation = tuple(map(int, values)) if values else None
                yield SpreadConvolution(tuple(chain), convolution, dilation)
                break
            if following.kind not in BETWEEN:
                break


def _only_reader(dataflow: Dataflow, operator: Operator) -> Operator | None:
    readers = list(dataflow.successors(operator))
    alone = len(readers) == 1 and not any(dataflow.is_output(tensor) for tensor in operator.outputs)
    return readers[0] if alone else None

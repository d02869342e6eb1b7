"""GATHER and GATHER_ND by constant indices that only cut out a piece, or change nothing at all.

Converters from PyTorch write slices and identities this way (RESHAPE, GATHER_ND by 0, 1, 2 ..., RESHAPE).
"""

from __future__ import annotations

from itertools import pairwise

from ...model.graph import Model, Operator
from ...model.record import NamedTuple

LARGEST = 65_536  # indices to look at


class ConstantGather(NamedTuple):
    axis: int
    start: int
    stop: int
    step: int
    size: int  # of the axis

    @property
    def is_identity(self) -> bool:
        return (self.start, self.stop, self.step) == (0, self.size, 1)


def constant_gather(model: Model, operator: Operator) -> ConstantGather | None:
    """The slice that the operator is, ``None`` where it is none or its indices are computed."""
    data, indices = operator.input(0), operator.input(1)
    values = model.values(indices, LARGEST)
    if data is None or indices is None or not values or not data.shape:
        return None
    if operator.kind == "GATHER":
        axis = operator.option("axis", 0)
        axis += len(data.shape) if axis < 0 else 0
        if operator.option("batch_dims", 0) or len(indices.shape) != 1 or not 0 <= axis < len(data.shape):
            return None
    elif operator.kind == "GATHER_ND" and len(indices.shape) == 2 and indices.shape[-1] == 1:
        axis = 0
    else:
        return None
    step = int(values[1] - values[0]) if len(values) > 1 else 1
    if step < 1 or any(two - one != step for one, two in pairwise(values)):
        return None
    start, last, size = int(values[0]), int(values[-1]), data.shape[axis]
    return ConstantGather(axis, start, last + 1, step, size) if start >= 0 and last < size else None

"""Sizes that are only known at run time: operators whose result is as large as a computed tensor says.

TensorFlow Lite sizes a result before it runs only where the operand that says the size is a constant;
otherwise the tensor becomes dynamic (``SetTensorToDynamic`` in the ``Prepare`` of each kernel), and a graph
with one dynamic tensor is refused to every delegate that wants static ones, ``edgetpu_compiler``'s included.
A ``-1`` in ``shape_signature`` alone makes nothing dynamic: 17 of 17 such models with constant operands
compiled and mapped.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator, Tensor
from ..model.record import NamedTuple

# Operator -> its inputs that say how large the result is. Source: tensorflow/lite/kernels, v2.6.
SIZE_OPERANDS = {
    "BATCH_TO_SPACE_ND": (1, 2), "BROADCAST_TO": (1,), "EXPAND_DIMS": (1,), "FILL": (0,), "MEAN": (1,),
    "MIRROR_PAD": (1,), "NON_MAX_SUPPRESSION_V4": (2,), "NON_MAX_SUPPRESSION_V5": (2,), "ONE_HOT": (1,),
    "PAD": (1,), "PADV2": (1,), "RANGE": (0, 1, 2), "REDUCE_ALL": (1,), "REDUCE_ANY": (1,),
    "REDUCE_MAX": (1,), "REDUCE_MIN": (1,), "REDUCE_PROD": (1,), "RESHAPE": (1,), "RESIZE_BILINEAR": (1,),
    "RESIZE_NEAREST_NEIGHBOR": (1,), "SCATTER_ND": (2,), "SLICE": (1, 2), "SPACE_TO_BATCH_ND": (1, 2),
    "SPARSE_TO_DENSE": (1,), "SPLIT": (0,), "SPLIT_V": (1, 2), "STRIDED_SLICE": (1, 2, 3), "SUM": (1,),
    "TILE": (1,), "TOPK_V2": (1,), "TRANSPOSE": (1,), "TRANSPOSE_CONV": (0,),
}  # fmt: skip

# The values of their inputs decide how large their results are.
ALWAYS = frozenset(("UNIQUE", "WHERE"))


class ComputedSize(NamedTuple):
    """An operator whose result has no size before it runs, and the tensor that will say it; ``None`` where
    the data itself does."""

    operator: Operator
    operand: Tensor | None


class DynamicSizes(NamedTuple):
    results: tuple[ComputedSize, ...]  # in file order
    arithmetic: tuple[Operator, ...]  # what computes the operands: SHAPE, STRIDED_SLICE, PACK ...


def find_dynamic_sizes(model: Model, dataflow: Dataflow) -> DynamicSizes:
    """All computed sizes of the main subgraph that make a result dynamic."""
    arithmetic = _size_arithmetic(model, dataflow)
    results = []
    for operator in dataflow.subgraph.operators:
        if operator in arithmetic:
            continue
        operand = next(_computed_operands(operator, model, dataflow), None)
        if operand is not None or operator.kind in ALWAYS:
            results.append(ComputedSize(operator, operand))
    return DynamicSizes(tuple(results), tuple(sorted(arithmetic, key=lambda operator: operator.index)))


def _computed_operands(operator: Operator, model: Model, dataflow: Dataflow) -> Iterator[Tensor]:
    for position in SIZE_OPERANDS.get(operator.kind, ()):
        operand = operator.input(position)
        if operand is None or model.is_constant(operand):
            continue
        if dataflow.producer(operand) is not None or dataflow.is_input(operand):
            yield operand


def _size_arithmetic(model: Model, dataflow: Dataflow) -> set[Operator]:
    """The operators that compute size operands, back to the SHAPEs they begin with."""
    found: set[Operator] = set()
    todo = [
        operand
        for operator in dataflow.subgraph.operators
        for operand in _computed_operands(operator, model, dataflow)
    ]
    while todo:
        operator = dataflow.producer(todo.pop())
        if operator is None or operator in found:
            continue
        found.add(operator)
        if operator.kind not in ("SHAPE", "RANK"):
            todo.extend(tensor for tensor in operator.inputs if tensor is not None and _is_size(tensor))
    return found


def _is_size(tensor: Tensor) -> bool:
    return tensor.dtype in ("INT32", "INT64")

"""PACK and SUM that are one addition."""

from __future__ import annotations

import pytest

from tflint_edgetpu.edgetpu.patterns.stacked_sum import StackedSum, find_stacked_sums
from tflint_edgetpu.model.dataflow import Dataflow
from tflint_edgetpu.testing.builder import ModelBuilder


def sums(m: ModelBuilder, packed: int, axis: int) -> list[StackedSum]:
    m.output(m.op("SUM", [packed, m.constant([axis])], [m.tensor((1, 4, 4, 8))], options="ReducerOptions"))
    model = m.model()
    return list(find_stacked_sums(model, Dataflow(model.main)))


def packed(m: ModelBuilder, axis: int) -> int:
    x = m.input((1, 4, 4, 8))
    shape = [1, 4, 4, 8]
    shape.insert(axis % 5, 2)
    inputs = [x, m.unary("RELU", x)]
    return m.op("PACK", inputs, [m.tensor(shape)], options="PackOptions", axis=axis, values_count=2)


@pytest.mark.parametrize(("packed_axis", "summed_axis"), [(4, 4), (-1, 4), (4, -1), (0, 0)])
def test_along_the_same_axis(packed_axis: int, summed_axis: int) -> None:
    m = ModelBuilder()
    (one,) = sums(m, packed(m, packed_axis), summed_axis)
    assert [operator.kind for operator in one.operators] == ["PACK", "SUM"]
    assert one.addends == 2


def test_with_weights() -> None:
    m = ModelBuilder()
    (one,) = sums(m, m.add(packed(m, 4), m.tensor((2,), data=[1, 2]), kind="MUL"), 4)
    assert [operator.kind for operator in one.operators] == ["PACK", "MUL", "SUM"]


def test_along_another_axis() -> None:
    m = ModelBuilder()
    assert sums(m, packed(m, 4), 3) == []


def test_a_stack_that_is_an_output_too() -> None:
    m = ModelBuilder()
    stack = packed(m, 4)
    m.output(stack)
    assert sums(m, stack, 4) == []

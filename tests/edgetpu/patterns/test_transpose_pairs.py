"""Pairs of TRANSPOSE that undo each other."""

from __future__ import annotations

from tflint_edgetpu.edgetpu.patterns.transpose_pairs import find_transpose_pairs
from tflint_edgetpu.model.dataflow import Dataflow
from tflint_edgetpu.testing.builder import ModelBuilder

TO_FIRST, TO_LAST = (0, 3, 1, 2), (0, 2, 3, 1)


def pairs(m: ModelBuilder, *results: int) -> list[tuple[int, int, int]]:
    m.output(*results)
    model = m.model()
    found = find_transpose_pairs(model, Dataflow(model.main))
    return [(pair.first.index, pair.second.index, len(pair.between)) for pair in found]


def test_one_behind_the_other() -> None:
    m = ModelBuilder()
    assert pairs(m, m.transpose(m.transpose(m.input((1, 4, 6, 8)), TO_FIRST), TO_LAST)) == [(0, 1, 0)]


def test_with_elementwise_operators_between() -> None:
    m = ModelBuilder()
    x = m.unary("LOGISTIC", m.unary("RELU", m.transpose(m.input((1, 4, 6, 8)), TO_FIRST)))
    assert pairs(m, m.transpose(x, TO_LAST)) == [(0, 3, 2)]


def test_the_same_permutation_twice_is_no_pair() -> None:
    m = ModelBuilder()
    assert pairs(m, m.transpose(m.transpose(m.input((1, 4, 6, 8)), TO_FIRST), TO_FIRST)) == []


def test_an_operator_with_axes_between_is_no_pair() -> None:
    m = ModelBuilder()
    x = m.unary("SOFTMAX", m.transpose(m.input((1, 4, 6, 8)), TO_FIRST), options="SoftmaxOptions", beta=1.0)
    assert pairs(m, m.transpose(x, TO_LAST)) == []


def test_several_readers() -> None:
    m = ModelBuilder()
    x = m.transpose(m.input((1, 4, 6, 8)), TO_FIRST)
    assert pairs(m, m.transpose(x, TO_LAST), m.reshape(x, (1, 192)), m.transpose(x, TO_LAST)) == [
        (0, 1, 0),
        (0, 3, 0),
    ]


def test_a_permutation_that_makes_no_sense_is_left_alone() -> None:
    m = ModelBuilder()
    x = m.input((1, 4, 6, 8))
    odd = m.op("TRANSPOSE", [x, m.constant([0, 0, 1, 2])], [m.tensor((1, 4, 6, 8))])
    assert pairs(m, m.transpose(odd, TO_LAST)) == []

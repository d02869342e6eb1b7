"""Producers and consumers, in graphs that make sense and in damaged ones."""

from __future__ import annotations

import time

from tflint_edgetpu.edgetpu.partition import partition
from tflint_edgetpu.model.dataflow import Dataflow
from tflint_edgetpu.testing.builder import ModelBuilder


def indices(operators: object) -> list[int]:
    return [operator.index for operator in operators]  # type: ignore[attr-defined]


def test_a_diamond() -> None:
    m = ModelBuilder()
    top = m.unary("RELU", m.input((1, 4)))
    left, right = m.unary("LOGISTIC", top), m.unary("TANH", top)
    m.output(m.add(left, right))
    flow = Dataflow(m.model().main)
    first, *middle, last = flow.subgraph.operators
    assert list(flow.successors(first)) == middle
    assert list(flow.predecessors(last)) == middle
    assert flow.downstream([first]) == {*middle, last}
    assert flow.upstream([last]) == {first, *middle}
    assert flow.producer(flow.subgraph.inputs[0]) is None
    assert flow.is_output(last.outputs[0]) and not flow.is_output(first.outputs[0])


def test_groups_are_of_those_that_feed_each_other() -> None:
    m = ModelBuilder()
    x = m.input((1, 4))
    for _ in range(5):
        x = m.unary("RELU", x)
    m.output(x, m.unary("TANH", x))
    flow = Dataflow(m.model().main)
    one, two, gap, four, five, six = flow.subgraph.operators
    assert list(flow.groups([six, two, four, one])) == [[six], [one, two], [four]]
    assert list(flow.groups([six, five, four])) == [[four, five, six]]
    assert list(flow.groups([six, gap, five])) == [[five, six], [gap]]


def test_an_operator_that_reads_a_tensor_twice_follows_once() -> None:
    m = ModelBuilder()
    x = m.unary("RELU", m.input((1, 4)))
    m.output(m.add(x, x))
    flow = Dataflow(m.model().main)
    assert indices(flow.successors(flow.subgraph.operators[0])) == [1]


def test_a_tensor_that_two_operators_write_belongs_to_the_first() -> None:
    """Counted for both, the reader would be ready before it is, and be placed twice."""
    m = ModelBuilder()
    x = m.input((1, 4))
    shared = m.unary("RELU", x)
    m.op("TANH", [x], [shared])
    late = m.unary("LOGISTIC", shared)
    m.output(m.add(shared, late))
    flow = Dataflow(m.model().main)
    assert [indices(flow.successors(operator)) for operator in flow.subgraph.operators] == [
        [2, 3],
        [],
        [3],
        [],
    ]
    subsets = partition(flow, lambda operator: True)
    assert [indices(operators) for _, operators in subsets] == [[0, 1, 2, 3]]


def test_many_writers_and_readers_of_one_tensor_stay_cheap() -> None:
    m = ModelBuilder()
    x = m.input((1, 4))
    shared = m.unary("RELU", x)
    for _ in range(3000):
        m.op("RELU", [x], [shared])
    for _ in range(3000):
        m.op("RELU", [shared], [m.tensor((1, 4))])
    flow = Dataflow(m.model().main)
    started = time.perf_counter()
    ((_, operators),) = partition(flow, lambda operator: True)
    assert len(operators) == 6001
    assert time.perf_counter() - started < 1.0  # 9 million steps if every writer had every reader


def test_operators_compare_by_identity() -> None:
    """Two entries of the file that say the same are two things."""
    m = ModelBuilder()
    x = m.input((1, 4), name="same")
    y = m.input((1, 4), name="same")
    m.output(m.add(x, y))
    a, b = m.model().main.inputs
    twin = a._replace()
    assert a != b and a != twin and bool(a == twin) is False
    assert len({a, b, twin}) == 3 and a in (b, a) and twin not in (a, b)

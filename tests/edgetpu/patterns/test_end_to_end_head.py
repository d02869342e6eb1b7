"""Heads of detectors that pick their boxes themselves."""

from __future__ import annotations

from tflint_edgetpu.edgetpu.patterns.end_to_end_head import EndToEndHead, find_end_to_end_head
from tflint_edgetpu.model.dataflow import Dataflow
from tflint_edgetpu.testing.builder import ModelBuilder


def choice(m: ModelBuilder, boxes: int, scores: int, kind: str = "GATHER") -> int:
    best, where = m.tensor((1, 5), "FLOAT32"), m.tensor((1, 5), "INT32")
    m.op("TOPK_V2", [m.dequantize(scores), m.constant(5)], [best, where], version=2)
    return m.op(kind, [boxes, where], [m.tensor((5, 4))])


def head(m: ModelBuilder, *results: int) -> EndToEndHead | None:
    m.output(*results)
    return find_end_to_end_head(Dataflow(m.model().main))


def test_the_head_is_what_follows_the_choice() -> None:
    m = ModelBuilder()
    x = m.dense(m.input((1, 16)))
    found = head(m, m.reshape(choice(m, x, m.unary("LOGISTIC", x), "GATHER_ND"), (1, 5, 4)))
    assert found is not None
    assert [operator.kind for operator in found.operators] == ["TOPK_V2", "GATHER_ND", "RESHAPE"]
    assert [operator.kind for operator in found.entries] == ["FULLY_CONNECTED", "DEQUANTIZE"]
    assert found.topk == 5


def test_top_classes_are_no_head() -> None:
    m = ModelBuilder()
    x = m.dequantize(m.dense(m.input((1, 16))))
    best, where = m.tensor((1, 5), "FLOAT32"), m.tensor((1, 5), "INT32")
    m.op("TOPK_V2", [x, m.constant(5)], [best, where], version=2)
    assert head(m, best, where) is None


def test_a_choice_with_arithmetic_behind_it_is_no_head() -> None:
    m = ModelBuilder()
    x = m.dense(m.input((1, 16)))
    assert head(m, m.dense(choice(m, x, m.unary("LOGISTIC", x)))) is None

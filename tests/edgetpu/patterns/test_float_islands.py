"""Where a graph leaves integer arithmetic and where it returns."""

from __future__ import annotations

from tflint_edgetpu.edgetpu.patterns.float_islands import FloatIsland, find_float_islands
from tflint_edgetpu.model.dataflow import Dataflow
from tflint_edgetpu.testing.builder import ModelBuilder


def islands(m: ModelBuilder) -> list[FloatIsland]:
    model = m.model()
    return find_float_islands(model, Dataflow(model.main))


def test_an_island_has_shores() -> None:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 3)), name="leaves")
    inner = m.unary("NEG", m.dequantize(x), dtype="FLOAT32")
    m.output(m.conv2d(m.quantize(inner, name="returns")))

    (island,) = islands(m)

    assert [operator.kind for operator in island.operators] == ["DEQUANTIZE", "NEG", "QUANTIZE"]
    assert [operator.kind for operator in island.computing] == ["NEG"]
    assert [tensor.name for tensor in island.entries] == ["leaves"]
    assert [tensor.name for tensor in island.exits] == ["returns"]


def test_booleans_and_plain_integers_belong_to_the_island() -> None:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 3)))
    mask = m.op("EQUAL", [x, x], [m.tensor(m.shape(x), "BOOL")])
    count = m.unary("CAST", mask, dtype="INT32")
    m.output(m.quantize(m.unary("CAST", count, dtype="FLOAT32")))

    (island,) = islands(m)

    assert [operator.kind for operator in island.operators] == ["EQUAL", "CAST", "CAST", "QUANTIZE"]


def test_two_islands_stay_apart() -> None:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 3)))
    for _ in range(2):
        x = m.conv2d(m.quantize(m.unary("NEG", m.dequantize(x), dtype="FLOAT32")))
    m.output(x)

    assert [len(island.operators) for island in islands(m)] == [3, 3]


def test_conversions_alone_are_no_island() -> None:
    m = ModelBuilder()
    x = m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32")))
    m.output(m.dequantize(m.conv2d(m.quantize(m.dequantize(x)))))

    assert islands(m) == []


def test_the_postprocess_and_what_feeds_it_are_no_island() -> None:
    m = ModelBuilder()
    boxes = m.dequantize(m.conv2d(m.input((1, 8, 8, 3))))
    found = m.op("CUSTOM", [boxes], [m.tensor((1, 4), "FLOAT32")], custom_code="TFLite_Detection_PostProcess")
    m.output(m.unary("FLOOR", found, dtype="FLOAT32"))

    assert islands(m) == []

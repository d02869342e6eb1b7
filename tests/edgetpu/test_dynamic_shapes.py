"""Sizes that are computed, and the operators that compute them."""

from __future__ import annotations

from pathlib import Path

from tflint_edgetpu.edgetpu.dynamic_shapes import find_dynamic_sizes
from tflint_edgetpu.model.dataflow import Dataflow
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder


def test_the_arithmetic_is_followed_back_to_the_shape_and_no_further() -> None:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 3)))
    sizes = m.op("SHAPE", [x], [m.tensor((4,), "INT32")])
    bounds = [m.constant([0]), m.constant([1]), m.constant([1])]
    batch = m.op("STRIDED_SLICE", [sizes, *bounds], [m.tensor((), "INT32")])
    shape = m.op("PACK", [batch, m.constant(512)], [m.tensor((2,), "INT32", name="shape")])
    m.output(m.op("RESHAPE", [x, shape], [m.tensor((1, 512))]))
    model = m.model()

    found = find_dynamic_sizes(model, Dataflow(model.main))

    assert [operator.kind for operator in found.arithmetic] == ["SHAPE", "STRIDED_SLICE", "PACK"]
    ((operator, operand),) = found.results
    assert operator.kind == "RESHAPE"
    assert operand is not None and operand.name == "shape"


def test_a_long_chain_is_walked_once() -> None:
    """Every RESHAPE reads the end of a chain that is as long as there are RESHAPEs."""
    m = ModelBuilder()
    x = m.input((1, 4))
    size = m.op("SHAPE", [x], [m.tensor((2,), "INT32")])
    for _ in range(1000):
        size = m.op("ADD", [size, size], [m.tensor((2,), "INT32")])
    for _ in range(1000):
        m.output(m.op("RESHAPE", [x, size], [m.tensor((1, 4))]))
    model = m.model()

    found = find_dynamic_sizes(model, Dataflow(model.main))

    assert len(found.arithmetic) == 1001
    assert len(found.results) == 1000


def test_models_that_compiled_have_no_computed_size(shared: Path) -> None:
    """The compiler refuses such a graph, so none of the compiled ones may be taken for one."""
    paths = sorted((shared / "corpus" / "pairs").glob("*/model.tflite"))
    assert len(paths) > 50
    for path in paths:
        model = read_model(path)
        assert not find_dynamic_sizes(model, Dataflow(model.main)).results, path.parent.name


def test_the_data_whose_shape_is_asked_for_is_not_size_arithmetic() -> None:
    m = ModelBuilder()
    words = m.op("ADD", [m.input((1, 4), "INT32"), m.constant(1)], [m.tensor((1, 4), "INT32")])
    sizes = m.op("SHAPE", [words], [m.tensor((2,), "INT32")])
    m.output(m.op("RESHAPE", [words, sizes], [m.tensor((1, 4), "INT32")]))
    model = m.model()

    found = find_dynamic_sizes(model, Dataflow(model.main))

    assert [operator.kind for operator in found.arithmetic] == ["SHAPE"]

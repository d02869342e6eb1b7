"""Placement as a whole: partition, intermediate tensors, several subgraphs, cost; and its speed."""

from __future__ import annotations

import time

import pytest

from tflint_edgetpu.edgetpu.cost import Cost
from tflint_edgetpu.edgetpu.placement import Placement, place_model
from tflint_edgetpu.edgetpu.support.constraint import Status
from tflint_edgetpu.model.graph import Model
from tflint_edgetpu.testing.builder import ModelBuilder


def chain(*kinds: str) -> ModelBuilder:
    """``c`` a convolution, ``l`` a LEAKY_RELU, which never maps."""
    m = ModelBuilder()
    x = m.input((1, 8, 8, 4), name="in")
    for number, kind in enumerate(kinds):
        if kind == "c":
            x = m.conv2d(x, 4, 1, name=f"t{number}")
        else:
            x = m.unary("LEAKY_RELU", x, options="LeakyReluOptions", alpha=0.1, name=f"t{number}")
    m.output(x)
    return m


def roles(placement: Placement) -> str:
    return "".join(placed.role[0] if placed.role != "blocked" else "x" for placed in placement.operators)


def test_breakers_and_blocked_operators() -> None:
    placement = place_model(chain("c", "c", "l", "c", "l", "c").model())
    assert roles(placement) == "mmbxbx"
    assert placement.operators[3].status == Status.MORE_THAN_ONE_SUBGRAPH
    assert placement.operators[2].status == Status.NOT_SUPPORTED
    assert (placement.edgetpu, placement.cpu) == (2, 4)


def test_several_subgraphs_map_every_supported_operator() -> None:
    placement = place_model(chain("c", "l", "c", "l", "c").model(), multiple_subgraphs=True)
    assert roles(placement) == "mbmbm"


def test_nothing_is_compiled_behind_an_intermediate_tensor() -> None:
    model = chain("c", "c", "c", "l", "c").model()
    placement = place_model(model, intermediate_tensors=["t0"])
    assert roles(placement) == "mxxbx"
    assert placement.operators[1].status == Status.MORE_THAN_ONE_SUBGRAPH
    assert "intermediate tensor" in (placement.operators[1].reason or "")
    assert placement.mapped_if(repaired=[model.main.operators[3]]) == {model.main.operators[0]}
    assert roles(place_model(model, intermediate_tensors=["t0"], multiple_subgraphs=True)) == "mxxbx"


def test_an_unknown_intermediate_tensor_is_an_error() -> None:
    with pytest.raises(ValueError, match="no tensor is called 'nowhere'"):
        place_model(chain("c").model(), intermediate_tensors=["nowhere"])


def test_the_cost_of_an_operator() -> None:
    m = ModelBuilder()
    m.output(m.reshape(m.conv2d(m.input((1, 8, 8, 4)), 16, 3), (1, 1024)))
    model = m.model()
    placement = place_model(model)
    convolution, reshape = model.main.operators
    assert placement.cost(convolution) == Cost(64 * 16 * 36, 16 * 36 + 16 * 4, 64 * 4 + 64 * 16)
    assert placement.cost(reshape) == Cost(0, 0, 2048), "a shape is no parameter"


def test_a_placement_of_verdicts_alone_has_no_model_to_look_at() -> None:
    model = chain("c").model()
    placed = place_model(model)
    alone = Placement(placed._dataflow, placed._verdicts, multiple_subgraphs=False)
    with pytest.raises(ValueError, match="no model"):
        _ = alone.memory


def long_model(blocks: int) -> Model:
    """Blocks of a convolution, a LOGISTIC, a MUL and, in every tenth, a LEAKY_RELU."""
    m = ModelBuilder()
    x = m.input((1, 8, 8, 4))
    weights, bias = m.tensor((4, 1, 1, 4), data=0, scale=[0.5] * 4), m.bias(4)
    for number in range(blocks):
        y = m.op("CONV_2D", [x, weights, bias], [m.tensor((1, 8, 8, 4))], version=3, options="Conv2DOptions")
        x = m.add(m.unary("LOGISTIC", y, version=2), y, kind="MUL")
        if number % 10 == 9:
            x = m.unary("LEAKY_RELU", x, options="LeakyReluOptions", alpha=0.1)
    m.output(x)
    return m.model()


def seconds(model: Model) -> float:
    """The fastest of three placements with everything a report asks for."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        placement = place_model(model)
        assert placement.memory.parameters and placement.compiles.verdict
        times.append(time.perf_counter() - started)
    return min(times)


def test_ten_times_the_operators_take_ten_times_as_long() -> None:
    small, large = long_model(320), long_model(3200)  # about 1,000 and 10,000 operators
    ratio = seconds(large) / seconds(small)
    assert ratio < 25, f"{ratio:.0f} times as long"


def test_the_loss_of_thousands_of_operators_stays_cheap() -> None:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 4, 4, 4)), 4, 1)
    for _ in range(3000):  # a fan: each branch has a breaker and something behind it
        m.output(
            m.unary("LOGISTIC", m.unary("LEAKY_RELU", x, options="LeakyReluOptions", alpha=0.1), version=2)
        )
    placement = place_model(m.model())
    started = time.perf_counter()
    losses = [placement.loss([placed.operator]) for placed in placement.breakers]
    took = time.perf_counter() - started
    assert len(losses) == 3000 and all(len(loss.blocked) == len(loss.regained) == 1 for loss in losses)
    assert took < 2, f"{took:.1f} s for 3,000 questions about 6,001 operators"

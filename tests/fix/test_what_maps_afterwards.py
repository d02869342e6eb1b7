"""Fixes that are there to bring operators to the Edge TPU: found by a rule, applied, and predicted to map."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tflint_edgetpu.fix.repair import repair
from tflint_edgetpu.lint.finding import Safety
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.testing.builder import ModelBuilder

PLUGINS = Plugins()
RANDOM = np.random.default_rng(3)
Fill = Callable[[ModelBuilder], None]


def conv(m: ModelBuilder, x: int, filters: int) -> int:
    channels = m.shape(x)[3]
    weights = m.tensor((filters, 1, 1, channels), "INT8", data=RANDOM.integers(-127, 128, (filters, 1, 1, channels)),
                       scale=0.02)  # fmt: skip
    out = m.tensor((*m.shape(x)[:3], filters), scale=0.5)
    return m.op("CONV_2D", [x, weights, m.bias(filters, m.scale_of(x) * 0.02)], [out], version=3,
                options="Conv2DOptions", padding="SAME", stride_w=1, stride_h=1)  # fmt: skip


def transpose(m: ModelBuilder, x: int, order: tuple[int, ...]) -> int:
    y = m.transpose(x, order)
    m.subgraph.tensors[y].quantization = m.subgraph.tensors[x].quantization
    return y


def residual_channels_first(m: ModelBuilder) -> None:
    x = conv(m, m.input((1, 64, 64, 8), scale=0.05), 32)
    one, two = transpose(m, x, (0, 3, 1, 2)), transpose(m, conv(m, x, 32), (0, 3, 1, 2))
    total = m.op("ADD", [one, two], [m.tensor((1, 32, 64, 64), scale=0.8)], version=2, options="AddOptions")
    m.output(conv(m, transpose(m, total, (0, 2, 3, 1)), 4))


def activation_channels_first(m: ModelBuilder) -> None:
    x = transpose(m, conv(m, m.input((1, 64, 64, 8), scale=0.05), 32), (0, 3, 1, 2))
    y = m.unary("RELU6", x, version=2, scale=0.5)
    m.output(conv(m, transpose(m, y, (0, 2, 3, 1)), 4))


def large_mean(m: ModelBuilder) -> None:
    x = conv(m, m.input((1, 256, 128, 3), scale=0.05), 4)
    y = m.op("MEAN", [x, m.constant([1, 2])], [m.tensor((1, 1, 1, 4), scale=0.02)], version=2,
             options="ReducerOptions", keep_dims=True)  # fmt: skip
    m.output(conv(m, y, 4))


def stack(m: ModelBuilder) -> None:
    x = m.unary("RELU", m.input((4, 3, 8), scale=0.05), version=2, scale=0.05)
    parts = [m.tensor((1, 3, 8), scale=0.05) for _ in range(4)]
    m.op("SPLIT", [m.constant(0), x], parts, version=2, options="SplitOptions", num_splits=4)
    for part in parts:
        m.output(conv(m, m.reshape(part, (1, 1, 3, 8)), 4))


@pytest.mark.parametrize(
    ("fill", "code", "gone", "level"),
    [
        (residual_channels_first, "OPS011", "TRANSPOSE", Safety.SAFE),
        (activation_channels_first, "OPS011", "TRANSPOSE", Safety.SAFE),
        (large_mean, "OPS022", None, Safety.UNSAFE),
        (stack, "OPS017", "SPLIT", Safety.UNSAFE),
    ],
)
def test_everything_maps_afterwards(fill: Fill, code: str, gone: str | None, level: Safety) -> None:
    m = ModelBuilder()
    fill(m)
    before = m.build()
    if level is Safety.UNSAFE:
        assert repair(before, PLUGINS).after is before, "not unless asked for"
    outcome = repair(before, PLUGINS, level=level, wanted=lambda finding: finding.code == code)
    assert [attempt.outcome for attempt in outcome.attempts] == ["applied"]
    assert outcome.linted_before.placement.share < 1 and outcome.linted_after.placement.share == 1
    assert outcome.linted_after.placement.cpu == 0
    kinds = [operator.kind for operator in outcome.linted_after.model.main.operators]
    assert gone not in kinds
    assert outcome.comparison is not None and all(o.exercised for o in outcome.comparison.outputs)
    assert outcome.comparison.within(0.0 if code in ("OPS011", "OPS017") else 1.0)
    again = repair(outcome.after, PLUGINS, level=level)
    assert again.after == outcome.after, "fixing twice is fixing once"

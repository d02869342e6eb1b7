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


def steps(m: ModelBuilder) -> None:
    """As an unrolled recurrent layer begins."""
    x = m.unary("RELU", m.input((1, 4, 8), scale=0.05), version=2, scale=0.05)
    parts = [m.tensor((1, 8), scale=0.05) for _ in range(4)]
    m.op("UNPACK", [x], parts, version=2, options="UnpackOptions", num=4, axis=1)
    for part in parts:
        m.output(conv(m, m.reshape(part, (1, 1, 1, 8)), 4))


def rows(m: ModelBuilder) -> None:
    x = m.unary("RELU", m.input((3, 2, 8), scale=0.05), version=2, scale=0.05)
    parts = [m.tensor((2, 8), scale=0.05) for _ in range(3)]
    m.op("UNPACK", [x], parts, version=2, options="UnpackOptions", num=3, axis=0)
    for part in parts:
        m.output(conv(m, m.reshape(part, (1, 1, 2, 8)), 4))


def negated_in_float(m: ModelBuilder) -> None:
    """As in Keras 3's LayerNormalization."""
    x = conv(m, m.input((1, 8, 8, 3), scale=0.05), 8)
    y = m.unary("NEG", m.dequantize(x), dtype="FLOAT32")
    m.output(conv(m, m.quantize(y, scale=0.45, zero_point=3), 4))


def split_in_float(m: ModelBuilder) -> None:
    x = m.dequantize(m.unary("RELU", m.input((1, 1, 4, 12), scale=0.05), version=2, scale=0.05))
    parts = [m.tensor((1, 1, 4, 4), "FLOAT32") for _ in range(3)]
    m.op("SPLIT", [m.constant(3), x], parts, version=1, options="SplitOptions", num_splits=3)
    for part in parts[1:]:
        m.output(conv(m, m.quantize(part, scale=0.05), 4))


def squared_in_float(m: ModelBuilder) -> None:
    x = conv(m, m.input((1, 8, 8, 3), scale=0.05), 8)
    y = m.unary("SQUARE", m.dequantize(x), dtype="FLOAT32")
    m.output(conv(m, m.quantize(y, scale=9.0, zero_point=-128), 4))


def gelu(m: ModelBuilder) -> None:
    x = conv(m, m.input((1, 8, 8, 3), scale=0.02), 8)
    m.subgraph.tensors[x].quantization.scale = [0.03]
    y = m.tensor((1, 8, 8, 8), scale=0.016, zero_point=-117)
    m.op("GELU", [x], [y], version=2, options="GeluOptions")
    m.output(conv(m, y, 4))


@pytest.mark.parametrize(
    ("fill", "code", "gone", "level"),
    [
        (residual_channels_first, "OPS011", "TRANSPOSE", Safety.SAFE),
        (activation_channels_first, "OPS011", "TRANSPOSE", Safety.SAFE),
        (large_mean, "OPS022", None, Safety.UNSAFE),
        (stack, "OPS017", "SPLIT", Safety.UNSAFE),
        (negated_in_float, "QNT002", "NEG", Safety.UNSAFE),
        (squared_in_float, "QNT002", "SQUARE", Safety.UNSAFE),
        (gelu, "VER003", "GELU", Safety.UNSAFE),
        (split_in_float, "QNT002", "DEQUANTIZE", Safety.SAFE),
        (steps, "OPS023", "UNPACK", Safety.SAFE),
        (rows, "OPS023", "UNPACK", Safety.SAFE),
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
    exact = level is Safety.SAFE or code == "OPS017"
    assert outcome.comparison.within(0.0 if exact else 1.0)
    again = repair(outcome.after, PLUGINS, level=level)
    assert again.after == outcome.after, "fixing twice is fixing once"

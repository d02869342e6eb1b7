"""Cases of QNT005 bias-mismatch. Input and weights have scale 0.5, so that a bias needs 0.25."""

from typing import Any

import numpy as np

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def bias(m: ModelBuilder, values: list[int], scale: float | list[float], zero_point: int = 0) -> int:
    index = m.constant(np.array(values))
    scales = scale if isinstance(scale, list) else [scale]
    quantization = m._quantization(scales, [zero_point] * len(scales), 0)
    m.subgraph.tensors[index].quantization = quantization
    return index


def dense(m: ModelBuilder, offset: int, **keywords: Any) -> None:
    weights = m.tensor((2, 16), data=0)
    out = m.tensor((1, 2), **keywords)
    m.output(
        m.op("FULLY_CONNECTED", [m.input((1, 16)), weights, offset], [out], version=4,
             options="FullyConnectedOptions")
    )  # fmt: skip


def conv(m: ModelBuilder, offset: int) -> None:
    weights = m.tensor((2, 1, 1, 3), data=0, scale=[0.5, 0.5])
    out = m.tensor((1, 8, 8, 2))
    m.output(
        m.op("CONV_2D", [m.input((1, 8, 8, 3)), weights, offset], [out], version=3, options="Conv2DOptions",
             stride_w=1, stride_h=1)
    )  # fmt: skip


@failing(severity="error")
def dense_with_another_scale(m: ModelBuilder) -> None:
    dense(m, bias(m, [3, 4], 0.3))


@failing(severity="error")
def dense_bias_of_zeros_is_refused_all_the_same(m: ModelBuilder) -> None:
    dense(m, bias(m, [0, 0], 0.3))


@failing(severity="error", dtype="UINT8")
def uint8_convolution(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3))
    weights = m.tensor((2, 1, 1, 3), data=0)
    out = m.tensor((1, 8, 8, 2))
    m.output(m.op("CONV_2D", [x, weights, bias(m, [0, 0], 0.5)], [out], options="Conv2DOptions"))


@failing(severity="warning")
def one_channel_of_a_convolution(m: ModelBuilder) -> None:
    conv(m, bias(m, [1000, 1000], [0.25, 0.3]))


@failing(severity="warning")
def the_difference_is_small_but_the_bias_is_large(m: ModelBuilder) -> None:
    conv(m, bias(m, [0, 1_000_000], [0.25, 0.250001]))


@failing(severity="error")
def bias_of_8_bits(m: ModelBuilder) -> None:
    conv(m, m.tensor((2,), data=0))


@failing(severity="error")
def bias_with_a_zero_point(m: ModelBuilder) -> None:
    conv(m, bias(m, [5, 5], [0.25, 0.25], zero_point=3))


@passing
def the_right_scale(m: ModelBuilder) -> None:
    conv(m, bias(m, [1000, -1000], [0.25, 0.25]))


@passing
def zeros_that_several_layers_share(m: ModelBuilder) -> None:
    conv(m, bias(m, [0, 0], [0.001, 17.0]))


@passing
def rounding_of_the_stored_scale(m: ModelBuilder) -> None:
    dense(m, bias(m, [1000, 1000], 0.25 * (1 + 1e-7)))


@passing
def a_difference_of_less_than_a_rounding_step(m: ModelBuilder) -> None:
    conv(m, bias(m, [100, 100], [0.25, 0.2501]))


@passing(dtype="FLOAT32")
def float_model(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16))))

"""Convolutions, pools, dense layers, reductions, SOFTMAX."""

from __future__ import annotations

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.constraint_cases import breaks, keeps


@keeps("dilation-is-the-same-in-both-directions")
def dilation_of_two_by_two(m: ModelBuilder) -> None:
    m.output(m.depthwise_conv2d(m.input((1, 33, 33, 16)), dilation=2))


@breaks("dilation-is-the-same-in-both-directions")
def dilation_of_one_by_two(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 4))
    weights, out = m.tensor((8, 3, 3, 4), data=0, scale=[0.5] * 8), m.tensor((1, 8, 8, 8))
    m.output(
        m.op("CONV_2D", [x, weights, m.bias(8)], [out], version=3, options="Conv2DOptions", stride_w=1,
             stride_h=1, dilation_w_factor=1, dilation_h_factor=2)
    )  # fmt: skip


@keeps("no-fused-activation")
def a_plain_pool(m: ModelBuilder) -> None:
    m.output(m.pool("MAX_POOL_2D", m.input((1, 8, 8, 4))))


@breaks("no-fused-activation")
def a_pool_with_relu(m: ModelBuilder) -> None:
    m.output(m.pool("MAX_POOL_2D", m.input((1, 8, 8, 4)), activation="RELU"))


@keeps("weights-have-the-default-format")
def plain_weights(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16))))


@breaks("weights-have-the-default-format")
def shuffled_weights(m: ModelBuilder) -> None:
    x = m.input((1, 16))
    weights, out = m.tensor((8, 16), data=0), m.tensor((1, 8))
    m.output(
        m.op("FULLY_CONNECTED", [x, weights, m.bias(8)], [out], version=4, options="FullyConnectedOptions",
             weights_format=1)
    )  # fmt: skip


@keeps("outputs-are-few-enough")
def a_thousand_outputs(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16)), 1000))


@breaks("outputs-are-few-enough")
def a_hundred_thousand_outputs(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 4)), 100_000))


@breaks("outputs-are-few-enough", grey=True)
def fifty_thousand_outputs(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 4)), 50_000))


@keeps("weights-are-quantized-per-tensor")
def one_scale(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16))))


@breaks("weights-are-quantized-per-tensor", grey=True)
def one_scale_a_channel(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16)), per_channel=True))


@keeps("alpha-is-one-dimensional")
def one_alpha_a_channel(m: ModelBuilder) -> None:
    _prelu(m, (1, 1, 4))


@breaks("alpha-is-one-dimensional")
def one_alpha_a_pixel(m: ModelBuilder) -> None:
    _prelu(m, (8, 8, 4))


@keeps("no-reduction-over-the-batch")
def a_mean_of_rows_and_columns(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (1, 7, 7, 1280), [1, 2], (1, 1280))


@keeps("no-reduction-over-the-batch")
def a_sum_over_axis_0_of_three(m: ModelBuilder) -> None:
    _reduce(m, "SUM", (16, 2, 1), [0], (2, 1))


@breaks("no-reduction-over-the-batch")
def a_mean_of_the_batch(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (1, 7, 7, 8), [0], (7, 7, 8))


@breaks("no-reduction-over-the-batch", grey=True)
def a_mean_over_axis_0_of_three(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (16, 2, 4), [0], (2, 4))


@keeps("channels-averaged-are-a-multiple-of-4")
def a_mean_of_512_channels(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (1, 49, 512), [-1], (1, 49))


@breaks("channels-averaged-are-a-multiple-of-4")
def a_mean_of_510_channels(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (1, 49, 510), [-1], (1, 49))


@keeps("a-mean-averages-few-enough-pixels")
def a_mean_of_8192_pixels(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (1, 64, 128, 4), [1, 2], (1, 4))


@breaks("a-mean-averages-few-enough-pixels")
def a_mean_of_32768_pixels(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (1, 256, 128, 4), [1, 2], (1, 4))


@keeps("a-softmax-is-short-enough")
def many_short_rows(m: ModelBuilder) -> None:
    m.output(m.unary("SOFTMAX", m.input((1, 4, 8400, 16)), version=2))


@breaks("a-softmax-is-short-enough", grey=True)
def one_long_row(m: ModelBuilder) -> None:
    m.output(m.unary("SOFTMAX", m.input((1, 20_000)), version=2))


def _prelu(m: ModelBuilder, alpha: tuple[int, ...]) -> None:
    out = m.tensor((1, 8, 8, 4))
    m.output(m.op("PRELU", [m.input((1, 8, 8, 4)), m.tensor(alpha, data=1)], [out]))


def _reduce(
    m: ModelBuilder, kind: str, shape: tuple[int, ...], axes: list[int], result: tuple[int, ...]
) -> None:
    out = m.tensor(result)
    m.output(m.op(kind, [m.input(shape), m.constant(axes)], [out], version=2, options="ReducerOptions"))

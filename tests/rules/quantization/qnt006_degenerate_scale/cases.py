"""Cases of QNT006 degenerate-scale."""

import math

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def weights(m: ModelBuilder, scales: list[float], points: list[int], axis: int = 0) -> None:
    x = m.input((1, 8, 8, 3))
    filters = m.tensor((4, 1, 1, 3), data=0, scale=scales, zero_point=points, axis=axis)
    m.output(m.op("CONV_2D", [x, filters, None], [m.tensor((1, 8, 8, 4))], options="Conv2DOptions"))


@failing(severity="error")
def activation_of_scale_0(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3)), scale=0.0))


@failing(severity="error")
def negative_scale(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3)), scale=-0.5))


@failing(severity="error")
def infinite_scale(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3)), scale=math.inf))


@failing(severity="error")
def scale_that_is_no_number(m: ModelBuilder) -> None:
    weights(m, [0.5, math.nan, 0.5, 0.5], [0] * 4)


@failing(severity="error")
def zero_point_outside_of_int8(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3), zero_point=128)))


@failing(severity="error", dtype="UINT8")
def zero_point_outside_of_uint8(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3), zero_point=-1)))


@failing(severity="error")
def fewer_zero_points_than_scales(m: ModelBuilder) -> None:
    weights(m, [0.5] * 4, [0])


@failing(severity="error")
def fewer_scales_than_channels(m: ModelBuilder) -> None:
    weights(m, [0.5] * 3, [0] * 3)


@failing(severity="error")
def scales_along_a_dimension_that_is_not_there(m: ModelBuilder) -> None:
    weights(m, [0.5] * 4, [0] * 4, axis=4)


@failing(severity="warning")
def dead_channels(m: ModelBuilder) -> None:
    weights(m, [0.5, 0.0, 0.0, 0.5], [0] * 4)


@failing(severity="error")
def a_clip_that_overflows(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3)), activation="RELU6", scale=1e-9))


@passing
def per_channel_weights(m: ModelBuilder) -> None:
    weights(m, [0.5, 1e-9, 100.0, 0.5], [0] * 4)


@passing
def relu_clips_at_zero_only(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3)), activation="RELU", scale=1e-9))


@passing(dtype="UINT8")
def uint8_at_its_ends(m: ModelBuilder) -> None:
    m.output(m.pool("MAX_POOL_2D", m.input((1, 8, 8, 3), zero_point=255)))


@passing(dtype="FLOAT32")
def float_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))

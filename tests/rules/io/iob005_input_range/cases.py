"""Cases of IOB005 input-range."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def pixels_from_zero_to_one(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 16, 16, 3), scale=1 / 255, zero_point=-128)))


@passing
def pixels_from_minus_one_to_one(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 16, 16, 3), scale=2 / 255, zero_point=0)))


@passing
def raw_pixels(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.quantize(m.input((1, 16, 16, 3), "UINT8", scale=1.0))))


@passing
def pixels_minus_means_through_deviations(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 16, 16, 3), scale=0.01865844801068306, zero_point=-14)))


@passing
def no_picture(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16), scale=3.0)))


@passing
def coefficients_of_a_sound(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 49, 10, 1), scale=0.58, zero_point=83)))


@failing(severity="info")
def random_numbers(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 16, 16, 3), scale=0.042, zero_point=-2)))


@failing(severity="info")
def dark_pictures(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 16, 16, 3), scale=0.7 / 255, zero_point=-128)))


@failing(severity="info")
def divided_by_255_twice(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.quantize(m.input((1, 16, 16, 3), "FLOAT32"), scale=1 / 255 / 255, zero_point=-128)))

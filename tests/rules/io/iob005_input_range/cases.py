"""Cases of IOB005 input-range."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def pixels_from_minus_one_to_one(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 16, 16, 3), scale=2 / 255, zero_point=0)))


@passing
def raw_pixels(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.quantize(m.input((1, 16, 16, 3), "UINT8", scale=1.0))))


@passing
def no_picture(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16), scale=3.0)))


@failing(severity="info")
def calibrated_with_the_wrong_thing(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 16, 16, 3), scale=0.031, zero_point=-4)))


@failing(severity="info")
def divided_by_255_twice(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.quantize(m.input((1, 16, 16, 3), "FLOAT32"), scale=1 / 255 / 255, zero_point=-128)))

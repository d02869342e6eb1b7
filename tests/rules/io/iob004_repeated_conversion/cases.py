"""Cases of IOB004 repeated-conversion."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def unsigned_input_of_a_signed_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "UINT8", zero_point=128))))


@passing
def two_scales_for_two_readers(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3), "FLOAT32")
    m.output(m.conv2d(m.quantize(x)), m.conv2d(m.quantize(x, scale=0.25)))


@failing(severity="warning")
def float_to_uint8_to_int8(m: ModelBuilder) -> None:
    x = m.quantize(m.input((1, 8, 8, 3), "FLOAT32"), "UINT8", zero_point=128)
    m.output(m.conv2d(m.quantize(x)))


@failing(severity="warning")
def the_same_quantize_twice(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3), "FLOAT32")
    m.output(m.conv2d(m.quantize(x)), m.conv2d(m.quantize(x)))

"""Cases of IOB004 repeated-conversion."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.detectors import detector


@passing
def unsigned_input_of_a_signed_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "UINT8", zero_point=128))))


@passing
def float_to_uint8_and_exactly_to_int8(m: ModelBuilder) -> None:
    x = m.quantize(m.input((1, 8, 8, 3), "FLOAT32"), "UINT8", zero_point=128)
    m.output(m.conv2d(m.quantize(x)))


@passing
def unsigned_and_then_rescaled_once(m: ModelBuilder) -> None:
    x = m.quantize(m.input((1, 8, 8, 3), "UINT8", zero_point=128))
    m.output(m.conv2d(m.quantize(x, scale=0.25)))


@passing
def two_scales_for_two_readers(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3), "FLOAT32")
    m.output(m.conv2d(m.quantize(x)), m.conv2d(m.quantize(x, scale=0.25)))


@passing
def unsigned_output_of_a_signed_model(m: ModelBuilder) -> None:
    m.output(m.quantize(m.conv2d(m.input((1, 8, 8, 3))), "UINT8", zero_point=128))


@passing
def quantized_detections_have_a_rule_of_their_own(m: ModelBuilder) -> None:
    detector(m, quantized=True)


@failing(severity="warning")
def float_to_uint8_to_another_int8(m: ModelBuilder) -> None:
    x = m.quantize(m.input((1, 8, 8, 3), "FLOAT32"), "UINT8", zero_point=128)
    m.output(m.conv2d(m.quantize(x, scale=0.4)))


@failing(severity="warning")
def the_same_quantize_twice(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3), "FLOAT32")
    m.output(m.conv2d(m.quantize(x)), m.conv2d(m.quantize(x)))


@failing(severity="info")
def the_same_quantize_twice_on_the_edgetpu(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3), "UINT8", zero_point=128)
    m.output(m.conv2d(m.quantize(x)), m.conv2d(m.quantize(x)))


@failing(severity="warning")
def float_to_int8_to_uint8_at_the_output(m: ModelBuilder) -> None:
    x = m.unary("EXP", m.dequantize(m.conv2d(m.input((1, 8, 8, 3)))), dtype="FLOAT32")
    m.output(m.quantize(m.quantize(x, scale=0.1), "UINT8", scale=0.1, zero_point=128, name="exp"))

"""Cases of IOB001 float-input."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def integer_input(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing(dtype="FLOAT32")
def float_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing
def unsigned_input_of_a_signed_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "UINT8", zero_point=128))))


@failing(severity="warning")
def float_input_with_quantize(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32", name="image"))))


@failing(severity="warning")
def float_input_that_a_float_operator_reads_as_well(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3), "FLOAT32", name="image")
    m.output(m.conv2d(m.quantize(x)), m.unary("ABS", x, dtype="FLOAT32"))


@failing(severity="warning")
def two_float_inputs_are_one_finding(m: ModelBuilder) -> None:
    left = m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32", name="left")))
    m.output(m.add(left, m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32", name="right")))))


@failing(severity="warning")
def quantized_without_a_usable_scale(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32"), scale=float("nan"))))


@passing(dtype="FLOAT32")
def rounded_and_float_again(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.dequantize(m.quantize(m.input((1, 8, 8, 3))))))

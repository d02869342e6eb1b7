"""Cases of IOB002 float-output."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def integer_output(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing(dtype="FLOAT32")
def float_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(severity="warning")
def dequantized_output(m: ModelBuilder) -> None:
    m.output(m.dequantize(m.conv2d(m.input((1, 8, 8, 3))), name="scores"))

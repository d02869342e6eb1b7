"""Cases of IOB002 float-output."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.detectors import detector


@passing
def integer_output(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing(dtype="FLOAT32")
def float_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing
def detections_are_float_by_nature(m: ModelBuilder) -> None:
    detector(m)


@failing(severity="warning")
def dequantized_output(m: ModelBuilder) -> None:
    m.output(m.dequantize(m.conv2d(m.input((1, 8, 8, 3))), name="scores"))


@failing(severity="warning")
def two_dequantized_outputs(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.dequantize(x, name="features"), m.dequantize(m.unary("LOGISTIC", x), name="mask"))


@failing(severity="warning")
def the_integers_are_an_output_as_well(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(x, m.dequantize(x, name="features"))


@passing(dtype="FLOAT32")
def float_that_is_rounded_at_the_end(m: ModelBuilder) -> None:
    m.output(m.dequantize(m.quantize(m.conv2d(m.input((1, 8, 8, 3))))))

"""Cases of OPS001 unsupported-operator."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def div(m: ModelBuilder, x: int) -> int:
    return m.add(x, m.unary("RELU", x), kind="DIV")


@failing(severity="error")
def division_between_convolutions(m: ModelBuilder) -> None:
    m.output(m.conv2d(div(m, m.conv2d(m.input((1, 8, 8, 3))))))


@failing(severity="info")
def argmax_at_the_end(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    out = m.tensor((1, 8, 8), "INT64")
    m.output(m.op("ARG_MAX", [x, m.constant(3)], [out], options="ArgMaxOptions", output_type=4))


@failing(severity="warning")
def little_arithmetic_behind(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 32, 32, 3)), filters=64)
    m.output(m.unary("RELU", div(m, m.conv2d(x, filters=64))))


@passing
def operators_of_the_table(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.add(x, m.unary("LOGISTIC", x), kind="MUL"))


@passing
def named_by_a_specific_rule(m: ModelBuilder) -> None:
    x = m.unary("LEAKY_RELU", m.conv2d(m.input((1, 8, 8, 3))), options="LeakyReluOptions", alpha=0.1)
    m.output(m.conv2d(x))


@passing
def behind_the_postprocess(m: ModelBuilder) -> None:
    x = m.dequantize(m.conv2d(m.input((1, 8, 8, 3))))
    boxes = m.op("CUSTOM", [x], [m.tensor((1, 4), "FLOAT32")], custom_code="TFLite_Detection_PostProcess")
    m.output(m.unary("FLOOR", boxes, dtype="FLOAT32"))

"""Cases of OPS003 leaky-relu."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def leaky(m: ModelBuilder, x: int) -> int:
    return m.unary("LEAKY_RELU", x, version=2, options="LeakyReluOptions", alpha=0.1)


@failing(severity="error")
def behind_every_convolution(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    for _ in range(3):
        x = m.conv2d(leaky(m, x))
    m.output(x)


@failing(severity="info")
def at_the_end(m: ModelBuilder) -> None:
    m.output(leaky(m, m.conv2d(m.input((1, 8, 8, 3)))))


@passing
def prelu_instead(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    slopes = m.tensor((1, 1, 8), data=[[[1] * 8]])
    m.output(m.conv2d(m.op("PRELU", [x, slopes], [m.tensor((1, 8, 8, 8))])))


@passing
def maximum_instead(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    scaled = m.add(x, m.tensor((1,), data=[13]), kind="MUL")
    m.output(m.conv2d(m.op("MAXIMUM", [x, scaled], [m.tensor((1, 8, 8, 8))], version=2)))

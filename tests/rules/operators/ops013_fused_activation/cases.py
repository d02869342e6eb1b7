"""Cases of OPS013 fused-activation."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="error")
def max_pool(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.pool("MAX_POOL_2D", m.conv2d(m.input((1, 8, 8, 3))), activation="RELU6")))


@failing(severity="error")
def average_pool(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.pool("AVERAGE_POOL_2D", m.conv2d(m.input((1, 8, 8, 3))), activation="RELU")))


@failing(severity="error")
def concatenation(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.conv2d(m.concat([x, m.conv2d(x)], activation="RELU")))


@passing
def in_the_convolution(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)), activation="RELU6")
    m.output(m.conv2d(m.pool("MAX_POOL_2D", m.concat([x, x]))))

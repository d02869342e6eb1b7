"""Cases of PLC003 uncertain-placement."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="info")
def transpose_between_the_known_sizes(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 25, 25, 3)), filters=144)
    m.output(m.transpose(x, (0, 3, 1, 2)))


@passing
def small_transpose(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 7, 7, 3)), filters=144)
    m.output(m.transpose(x, (0, 3, 1, 2)))

"""Cases of VER005 grouped-convolution."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def one_group(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4))))


@passing
def depthwise(m: ModelBuilder) -> None:
    m.output(m.depthwise_conv2d(m.input((1, 8, 8, 4))))


@failing(severity="error")
def two_groups(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4)), groups=2, version=6))


@failing(severity="error")
def two_counts_of_groups_under_a_low_number(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 8)), 8, groups=2, version=3)
    m.output(m.conv2d(x, 8, groups=4, version=3))

"""Cases of OPS018 pad-by-value."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def pad(m: ModelBuilder, value: int, zero_point: int = 0) -> int:
    x = m.unary("RELU", m.input((1, 8, 8, 3)))
    fill = m.tensor((1,), data=[value], zero_point=zero_point)
    out = m.tensor((1, 10, 10, 3), zero_point=zero_point)
    paddings = m.constant([[0, 0], [1, 1], [1, 1], [0, 0]])
    return m.op("PADV2", [x, paddings, fill], [out], version=2)


@failing(severity="error")
def with_the_zero_point(m: ModelBuilder) -> None:
    m.output(m.conv2d(pad(m, -5, zero_point=-5), padding="VALID"))


@failing(severity="error")
def with_the_lowest_value_before_a_pool(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.pool("MAX_POOL_2D", pad(m, -128))))


@failing(severity="error")
def with_some_value(m: ModelBuilder) -> None:
    m.output(m.conv2d(pad(m, 7), padding="VALID"))


@passing
def with_zeros(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3))
    paddings = m.constant([[0, 0], [1, 1], [1, 1], [0, 0]])
    m.output(m.conv2d(m.op("PAD", [x, paddings], [m.tensor((1, 10, 10, 3))], version=2), padding="VALID"))

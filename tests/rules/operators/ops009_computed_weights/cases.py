"""Cases of OPS009 computed-weights."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def convolution(m: ModelBuilder, x: int, filters: int) -> int:
    out = m.tensor((1, 8, 8, m.shape(filters)[0]))
    return m.op(
        "CONV_2D",
        [x, filters, m.bias(m.shape(filters)[0])],
        [out],
        version=3,
        options="Conv2DOptions",
        stride_w=1,
        stride_h=1,
    )


@failing(severity="error")
def filters_are_an_input(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3))
    m.output(m.conv2d(convolution(m, x, m.input((4, 1, 1, 3)))))


@passing
def constant_filters(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3))
    m.output(m.conv2d(convolution(m, x, m.tensor((4, 1, 1, 3), data=0))))


@passing
def dense_with_computed_weights(m: ModelBuilder) -> None:
    """Seen mapped by 16.0 as long as the other operand is a constant."""
    x, weights = m.tensor((1, 16), data=1), m.input((4, 16))
    m.output(m.op("FULLY_CONNECTED", [weights, x, None], [m.tensor((4, 1))], version=4,
                  options="FullyConnectedOptions"))  # fmt: skip

"""Cases of OPS002 operator-limit."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def averaged(m: ModelBuilder, channels: int) -> int:
    """The mean over the channels, as a picture of one channel."""
    x = m.conv2d(m.input((1, 8, 8, 3)), filters=channels)
    mean = m.op("MEAN", [x, m.constant([3])], [m.tensor((1, 8, 8))], version=2, options="ReducerOptions")
    return m.reshape(mean, (1, 8, 8, 1))


@failing(severity="error")
def mean_over_six_channels(m: ModelBuilder) -> None:
    m.output(m.conv2d(averaged(m, 6)))


@passing
def mean_over_eight_channels(m: ModelBuilder) -> None:
    m.output(m.conv2d(averaged(m, 8)))


@passing
def reshape_of_what_a_cast_made(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 4, 4, 3)))
    cast = m.op("CAST", [x], [m.tensor((1, 4, 4, 8), "INT32")], options="CastOptions")
    m.output(m.reshape(cast, (1, 128)))

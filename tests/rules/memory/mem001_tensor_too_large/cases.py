"""Cases of MEM001 tensor-too-large."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def transposed(m: ModelBuilder, size: int) -> int:
    """A feature map of 144 channels, channels first, as in the head of a YOLOv8."""
    return m.transpose(m.conv2d(m.input((1, size, size, 3)), filters=144), (0, 3, 1, 2))


@failing(severity="info")
def transpose_at_the_end(m: ModelBuilder) -> None:
    m.output(transposed(m, 40))


@failing(severity="error")
def arithmetic_behind_it(m: ModelBuilder) -> None:
    m.output(m.conv2d(transposed(m, 40), filters=64))


@failing(severity="error")
def a_whole_head(m: ModelBuilder) -> None:
    x = m.reshape(transposed(m, 80), (1, 144, 6400))
    m.output(m.dense(m.reshape(m.concat([x, x], axis=2), (144, 12800))))


@failing(severity="error")
def between_what_was_seen(m: ModelBuilder) -> None:
    m.output(m.conv2d(transposed(m, 27), filters=64))


@passing
def small_enough(m: ModelBuilder) -> None:
    m.output(transposed(m, 20))


@passing
def large_but_spread_over_the_tiles(m: ModelBuilder) -> None:
    m.output(m.unary("LOGISTIC", m.conv2d(m.input((1, 320, 320, 3)), filters=16)))


@passing
def refused_for_another_reason(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.pool("MAX_POOL_2D", m.input((1, 8, 8, 3)), activation="RELU6")))


@passing
def a_channels_first_input_has_its_own_rule(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.transpose(m.input((1, 3, 320, 320)), (0, 2, 3, 1))))

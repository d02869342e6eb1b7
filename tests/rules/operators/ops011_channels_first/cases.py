"""Cases of OPS011 channels-first."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

LARGE = (1, 64, 128, 128)  # far beyond the largest TRANSPOSE seen mapped


@failing(severity="info")  # it runs before the Edge TPU starts and cuts nothing off
def channels_first_input(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.transpose(m.input(LARGE), (0, 2, 3, 1))))


@failing(severity="error")
def there_and_back(m: ModelBuilder) -> None:
    x = m.transpose(m.conv2d(m.input((1, 128, 128, 64)), filters=64), (0, 3, 1, 2))
    m.output(m.conv2d(m.transpose(m.unary("RELU", x), (0, 2, 3, 1))))


@failing(severity="error")
def a_sum_between_transposes(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 128, 128, 64)), filters=64)
    y = m.transpose(m.conv2d(x, filters=64), (0, 3, 1, 2))
    total = m.add(m.transpose(x, (0, 3, 1, 2)), y)
    m.output(m.conv2d(m.transpose(total, (0, 2, 3, 1))))


@passing
def small_transposes_map(m: ModelBuilder) -> None:
    x = m.transpose(m.conv2d(m.input((1, 7, 7, 64)), filters=64), (0, 3, 1, 2))
    m.output(m.conv2d(m.transpose(m.unary("RELU", x), (0, 2, 3, 1))))


@passing
def one_large_transpose_in_a_head(m: ModelBuilder) -> None:
    x = m.transpose(m.conv2d(m.input((1, 128, 128, 64)), filters=64), (0, 3, 1, 2))
    m.output(m.reshape(x, (1, 64, 128 * 128)))

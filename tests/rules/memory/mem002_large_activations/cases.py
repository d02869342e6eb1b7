"""Cases of MEM002 large-activations."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="info")
def nine_mebibytes(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 768, 768, 3)), filters=16))


@failing(severity="info")
def channels_first_input(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.transpose(m.input((1, 64, 32, 32)), (0, 2, 3, 1))))


@passing
def ordinary(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 320, 320, 3)), filters=16))


@passing
def small_channels_first_input(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.transpose(m.input((1, 32, 32, 32)), (0, 2, 3, 1))))


@passing
def large_on_the_cpu_only(m: ModelBuilder) -> None:
    x = m.input((1, 768, 768, 16), "FLOAT32")
    m.output(m.conv2d(m.pool("MAX_POOL_2D", m.quantize(x), size=8, stride=8)))

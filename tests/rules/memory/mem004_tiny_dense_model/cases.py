"""Cases of MEM004 tiny-dense-model."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="info")
def dense_digits(m: ModelBuilder) -> None:
    m.output(m.dense(m.dense(m.input((1, 784)), 128), 10))


@passing
def a_convolution_in_front(m: ModelBuilder) -> None:
    m.output(m.dense(m.reshape(m.conv2d(m.input((1, 28, 28, 1)), filters=32), (1, 25088)), 4))


@passing
def large_dense_layers(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 2048)), 1024))


@passing(dtype="FLOAT32")
def nothing_on_the_edge_tpu(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 784)), 10))


@passing
def no_arithmetic(m: ModelBuilder) -> None:
    x = m.input((1, 784))
    m.output(m.add(x, x))

"""Cases of CMP014 other-than-predicted."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.packages import edgetpu_part


def convolution_only(m: ModelBuilder) -> None:
    x, y = m.input((1, 8, 8, 3), name="image"), m.tensor((1, 8, 8, 8), name="features")
    edgetpu_part(m, [x], [y])
    m.output(m.unary("TANH", y, name="out"))


def all_of_it(m: ModelBuilder) -> None:
    x, y = m.input((1, 8, 8, 3), name="image"), m.tensor((1, 8, 8, 8), name="out")
    edgetpu_part(m, [x], [y])
    m.output(y)


@failing(severity="info", compiled=convolution_only)
def left_on_the_cpu_though_supported(m: ModelBuilder) -> None:
    m.output(m.unary("TANH", m.conv2d(m.input((1, 8, 8, 3), name="image"), name="features"), name="out"))


@failing(severity="info", compiled=all_of_it)
def mapped_though_unsupported(m: ModelBuilder) -> None:
    m.output(
        m.unary("LEAKY_RELU", m.conv2d(m.input((1, 8, 8, 3), name="image"), name="features"), name="out")
    )


@passing(compiled=all_of_it)
def as_predicted(m: ModelBuilder) -> None:
    m.output(m.unary("TANH", m.conv2d(m.input((1, 8, 8, 3), name="image"), name="features"), name="out"))


@passing
def without_evidence(m: ModelBuilder) -> None:
    m.output(m.unary("TANH", m.conv2d(m.input((1, 8, 8, 3), name="image"), name="features"), name="out"))

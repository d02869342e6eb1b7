"""Cases of CMP010 several-edgetpu-parts."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.packages import edgetpu_part


def parts(m: ModelBuilder, number: int) -> None:
    x = m.input((1, 8, 8, 4))
    for _ in range(number):
        y = m.tensor((1, 8, 8, 4))
        edgetpu_part(m, [x], [y])
        x = m.unary("LEAKY_RELU", y)
    m.output(x)


@failing(severity="warning", log="Number of Edge TPU subgraphs: 12\nTotal number of operations: 255\n")
def log_of_many_parts(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="warning")
def compiled_in_two_parts(m: ModelBuilder) -> None:
    parts(m, 2)


REFUSED = "LEAKY_RELU  1  Operation not supported\n"
MAPPED = "CONV_2D  {}  Mapped to Edge TPU\n"


def broken_chain(m: ModelBuilder) -> None:
    x = m.unary("LEAKY_RELU", m.conv2d(m.input((1, 8, 8, 3))), options="LeakyReluOptions", alpha=0.1)
    m.output(m.conv2d(x))


@failing(severity="warning", log=MAPPED.format(2) + REFUSED)
def mapped_behind_a_refused_one(m: ModelBuilder) -> None:
    broken_chain(m)


@passing(
    log=MAPPED.format(1) + REFUSED + "CONV_2D  1  More than one subgraph is not supported\n",
)
def left_behind_a_refused_one(m: ModelBuilder) -> None:
    broken_chain(m)


@passing(log="Number of Edge TPU subgraphs: 1\nTotal number of operations: 255\n")
def log_of_one_part(m: ModelBuilder) -> None:
    """The log alone."""


@passing
def compiled_in_one_part(m: ModelBuilder) -> None:
    parts(m, 1)

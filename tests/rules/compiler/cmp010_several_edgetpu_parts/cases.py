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


@passing(log="Number of Edge TPU subgraphs: 1\nTotal number of operations: 255\n")
def log_of_one_part(m: ModelBuilder) -> None:
    """The log alone."""


@passing
def compiled_in_one_part(m: ModelBuilder) -> None:
    parts(m, 1)

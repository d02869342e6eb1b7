"""Cases of CMP017 operators-not-listed."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

COUNTS = "Number of operations that will run on Edge TPU: {mapped}\nNumber of operations that will run on CPU: {left}\n"


@failing(severity="warning", log=COUNTS.format(mapped=13, left=21))
def most_of_it_on_the_cpu(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="error", log=COUNTS.format(mapped=1, left=961))
def nearly_all_of_it_on_the_cpu(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="info", log=COUNTS.format(mapped=264, left=3))
def little_of_it_on_the_cpu(m: ModelBuilder) -> None:
    """The log alone."""


@passing(
    log=COUNTS.format(mapped=1, left=1)
    + "RELU  1  Mapped to Edge TPU\nLEAKY_RELU  1  Operation not supported\n"
)
def listed(m: ModelBuilder) -> None:
    """The log alone."""


@passing(log=COUNTS.format(mapped=1, left=1))
def beside_its_model(m: ModelBuilder) -> None:
    m.output(m.unary("LEAKY_RELU", m.conv2d(m.input((1, 8, 8, 3))), options="LeakyReluOptions", alpha=0.1))

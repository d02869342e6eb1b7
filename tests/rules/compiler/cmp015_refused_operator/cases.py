"""Cases of CMP015 refused-operator."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

HEADER = "Operator                       Count      Status\n\n"
VICTIMS = "CONV_2D  1  More than one subgraph is not supported\n"
NOT_CONSTANT = "Filter, bias, or other param is not constant at compile-time"
MAPPED = "CONV_2D                        5          Mapped to Edge TPU\n"


@failing(severity="error", log=f"{MAPPED}LEAKY_RELU  11  Operation not supported\n{VICTIMS}")
def outside_the_table(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="warning", log=f"{MAPPED}TRANSPOSE_CONV  1  {NOT_CONSTANT}\n")
def computed_filter(m: ModelBuilder) -> None:
    """The log alone."""


@failing(log=f"{HEADER}{MAPPED}TILE                           1          A limitation nobody has seen yet\n")
def unknown_status(m: ModelBuilder) -> None:
    """The log alone."""


@failing(log="CONV_2D  1  Mapped to Edge TPU\nTANH  1  Operation not supported\n")
def pinned_to_an_operator_predicted_to_map(m: ModelBuilder) -> None:
    m.output(m.unary("TANH", m.conv2d(m.input((1, 8, 8, 3)))))


@passing(log="CONV_2D  1  Mapped to Edge TPU\nLEAKY_RELU  1  Operation not supported\n")
def explained_by_the_model(m: ModelBuilder) -> None:
    m.output(m.unary("LEAKY_RELU", m.conv2d(m.input((1, 8, 8, 3))), options="LeakyReluOptions", alpha=0.1))


@passing(log=HEADER + MAPPED)
def all_mapped(m: ModelBuilder) -> None:
    """The log alone."""

"""Cases of CMP006 unsupported-version."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

VERSION = "Operation version not supported"
VICTIMS = "CONV_2D  3  More than one subgraph is not supported\n"
OLD = "Edge TPU Compiler version 15.0.340273435\n"
NEW = "Edge TPU Compiler version 16.0.384591198\n"


@failing(severity="error", log=f"{OLD}RESIZE_NEAREST_NEIGHBOR  2  {VERSION}\n{VICTIMS}")
def resize_with_an_old_compiler(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="info", log=f"{NEW}ADD  15  {VERSION}\nCONV_2D  3  Mapped to Edge TPU\n")
def a_version_raised_by_another_operator(m: ModelBuilder) -> None:
    """The log alone."""


@failing(log=f"{NEW}CONV_2D  1  Mapped to Edge TPU\nRELU  1  {VERSION}\n")
def pinned_to_an_operator_predicted_to_map(m: ModelBuilder) -> None:
    m.output(m.unary("RELU", m.conv2d(m.input((1, 8, 8, 3)))))


@passing(log=f"{NEW}RESIZE_NEAREST_NEIGHBOR  2  Mapped to Edge TPU\n")
def mapped(m: ModelBuilder) -> None:
    """The log alone."""

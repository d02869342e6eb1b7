"""Cases of CMP004 unsupported-data-type."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

TYPE = "Operation is working on an unsupported data type"
MAPPED = "CONV_2D  5  Mapped to Edge TPU\n"


@failing(severity="info", log=f"{MAPPED}CAST  2  {TYPE}\n")
def index_arithmetic_at_the_end(m: ModelBuilder) -> None:
    """The log alone."""


@failing(
    severity="error", log=f"{MAPPED}MUL  2  {TYPE}\nCONV_2D  1  More than one subgraph is not supported\n"
)
def float_in_the_middle(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="warning", log=f"{MAPPED}FULLY_CONNECTED  1  {TYPE}\n")
def arithmetic_in_float(m: ModelBuilder) -> None:
    """The log alone."""


@failing(log=f"CONV_2D  1  Mapped to Edge TPU\nRELU  1  {TYPE}\n")
def pinned_to_an_operator_predicted_to_map(m: ModelBuilder) -> None:
    m.output(m.unary("RELU", m.conv2d(m.input((1, 8, 8, 3)))))


@passing(log=f"{MAPPED}CUSTOM  1  {TYPE}\nDEQUANTIZE  2  {TYPE}\n")
def the_usual_ends_of_a_detector(m: ModelBuilder) -> None:
    """The log alone."""


@passing(log=f"RESHAPE  1  {TYPE}\nFULLY_CONNECTED  2  {TYPE}\n")
def nothing_maps_at_all(m: ModelBuilder) -> None:
    """The log alone: one cause, told by CMP001."""

"""Cases of CMP003 unspecified-limitation."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

UNSPECIFIED = "Operation is otherwise supported, but not mapped due to some unspecified limitation"
SEVERAL = "More than one subgraph is not supported"
CUSTOM = "CUSTOM  1  Operation is working on an unsupported data type\n"
MAPPED = "CONV_2D  5  Mapped to Edge TPU\n"


@failing(severity="info", log=f"{MAPPED}RESHAPE  2  {UNSPECIFIED}\n")
def nothing_behind_it(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="error", log=f"{MAPPED}TRANSPOSE  2  {UNSPECIFIED}\nCONV_2D  3  {SEVERAL}\n")
def it_broke_the_chain(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="warning", log=f"{MAPPED}QUANTIZE  4  {UNSPECIFIED}\n{CUSTOM}")
def four_detection_outputs(m: ModelBuilder) -> None:
    """The log alone."""


@failing(log=f"{MAPPED}QUANTIZE  3  {UNSPECIFIED}\nADD  1  {SEVERAL}\n")
def quantize_from_float_in_the_middle(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="info", log=f"CONV_2D  1  Mapped to Edge TPU\nTANH  1  {UNSPECIFIED}\n")
def pinned_to_an_operator(m: ModelBuilder) -> None:
    m.output(m.unary("TANH", m.conv2d(m.input((1, 8, 8, 3)))))


@passing(log=f"CONV_2D  1  Mapped to Edge TPU\nQUANTIZE  1  {UNSPECIFIED}\n")
def float_input(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32"))))


@passing(log=f"{MAPPED}QUANTIZE  1  {UNSPECIFIED}\n")
def one_quantize_is_a_usual_end(m: ModelBuilder) -> None:
    """The log alone."""

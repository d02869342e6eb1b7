"""Cases of CMP009 usual-ends-only."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

TYPE = "Operation is working on an unsupported data type"
UNSPECIFIED = "Operation is otherwise supported, but not mapped due to some unspecified limitation"
MAPPED = "CONV_2D  55  Mapped to Edge TPU\n"


@failing(severity="info", log=f"{MAPPED}CUSTOM  1  {TYPE}\n")
def detection_postprocess(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="info", log=f"{MAPPED}QUANTIZE  1  {UNSPECIFIED}\nDEQUANTIZE  1  {TYPE}\n")
def float_input_and_output(m: ModelBuilder) -> None:
    """The log alone."""


@passing(log=f"{MAPPED}CUSTOM  1  {TYPE}\nRESHAPE  1  {UNSPECIFIED}\n")
def something_else_as_well(m: ModelBuilder) -> None:
    """The log alone."""


@passing(log=f"CUSTOM  1  {TYPE}\n")
def nothing_maps(m: ModelBuilder) -> None:
    """The log alone."""


@passing(log=f"CONV_2D  1  Mapped to Edge TPU\nDEQUANTIZE  1  {TYPE}\n")
def said_of_the_model(m: ModelBuilder) -> None:
    m.output(m.dequantize(m.conv2d(m.input((1, 8, 8, 3)))))

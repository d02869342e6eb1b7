"""Cases of CMP002 more-than-one-subgraph."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

UNSPECIFIED = "Operation is otherwise supported, but not mapped due to some unspecified limitation"
SEVERAL = "More than one subgraph is not supported"

BROKEN = f"""\
Number of operations that will run on Edge TPU: 1
Number of operations that will run on CPU: 3

Operator                       Count      Status

CONV_2D                        1          Mapped to Edge TPU
CONV_2D                        2          {SEVERAL}
LEAKY_RELU                     1          Operation not supported
"""


@failing(severity="error", log=BROKEN)
def an_explicit_culprit(m: ModelBuilder) -> None:
    """The log alone."""


@failing(
    severity="error",
    log=f"QUANTIZE  1  {UNSPECIFIED}\nCONV_2D  3  {SEVERAL}\nCONV_2D  1  Mapped to Edge TPU\n",
)
def only_usual_ends_to_suspect(m: ModelBuilder) -> None:
    """The log alone."""


@failing(
    log="$ edgetpu_compiler -s -i cut m.tflite\n" + f"CONV_2D  3  {SEVERAL}\nCONV_2D  1  Mapped to Edge TPU\n"
)
def cut_by_the_command(m: ModelBuilder) -> None:
    """The log alone."""


@failing(log=f"RELU  1  Mapped to Edge TPU\nTANH  1  {UNSPECIFIED}\nCONV_2D  1  {SEVERAL}\n")
def a_culprit_nobody_predicted(m: ModelBuilder) -> None:
    x = m.unary("RELU", m.input((1, 8, 8, 4)))
    m.output(m.conv2d(m.unary("TANH", x)))


@passing(log=BROKEN.replace("CONV_2D                        2", "RELU                           2"))
def the_culprit_has_a_finding_of_its_own(m: ModelBuilder) -> None:
    x = m.unary("LEAKY_RELU", m.conv2d(m.input((1, 8, 8, 3))), options="LeakyReluOptions", alpha=0.1)
    m.output(m.unary("RELU", m.unary("RELU", x)))


@passing(log="CONV_2D  3  Mapped to Edge TPU\nLEAKY_RELU  1  Operation not supported\n")
def no_victims(m: ModelBuilder) -> None:
    """The log alone."""

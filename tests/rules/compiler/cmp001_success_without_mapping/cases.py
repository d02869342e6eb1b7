"""Cases of CMP001 success-without-mapping."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

NOTHING = """\
Edge TPU Compiler version 15.0.340273435

Model compiled successfully in 17 ms.

Input model: m.tflite
Number of Edge TPU subgraphs: 0
Total number of operations: 4
Number of operations that will run on Edge TPU: 0
Number of operations that will run on CPU: 4

Operator                       Count      Status

CONV_2D                        3          Operation is working on an unsupported data type
SOFTMAX                        1          Operation is working on an unsupported data type
"""


@failing(severity="error", log=NOTHING)
def nothing_mapped(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="error", log="$ edgetpu_compiler m.tflite -m 11\n" + NOTHING)
def runtime_without_int8(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="error", log="Number of Edge TPU subgraphs: 0\nTotal number of operations: 1\n")
def a_model_that_was_predicted_to_map(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing(log="Number of Edge TPU subgraphs: 0\nTotal number of operations: 1\n")
def predicted(m: ModelBuilder) -> None:
    x = m.input((1, 8), "FLOAT32")
    m.output(m.unary("SOFTMAX", x, dtype="FLOAT32", scale=None))


@passing(log="Number of Edge TPU subgraphs: 1\nNumber of operations that will run on Edge TPU: 4\n")
def everything_mapped(m: ModelBuilder) -> None:
    """The log alone."""

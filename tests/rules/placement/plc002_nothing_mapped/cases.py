"""Cases of PLC002 nothing-mapped."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing(dtype="FLOAT32")
def a_float_model_has_a_rule_of_its_own(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(severity="error")
def nothing_supported(m: ModelBuilder) -> None:
    m.output(m.unary("LEAKY_RELU", m.input((1, 8, 8, 3)), options="LeakyReluOptions", alpha=0.1))


@passing
def one_operator(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))

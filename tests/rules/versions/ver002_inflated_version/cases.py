"""Cases of VER002 inflated-version."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def the_version_it_needs(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 4))
    m.output(m.add(x, m.conv2d(x, 4)))


@failing(severity="error")
def exp_beside_a_float_one(m: ModelBuilder) -> None:
    m.output(m.unary("EXP", m.input((1, 8)), version=2))
    m.output(m.unary("EXP", m.input((1, 8), "FLOAT32"), dtype="FLOAT32", version=2))

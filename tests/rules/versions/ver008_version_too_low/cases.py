"""Cases of VER008 version-too-low."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def int8_version(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4))))


@passing(dtype="FLOAT32")
def float_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4))))


@failing(severity="info")
def int8_under_version_1(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4)), version=1))


@passing
def a_higher_version_that_the_compiler_does_not_know(m: ModelBuilder) -> None:
    m.output(m.unary("EXP", m.input((1, 8)), version=1))


@passing
def lower_than_needed_but_int8(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 4))
    m.output(m.add(x, x, kind="MUL", version=2))  # rescales by 0.5 * 0.5 / 0.5

"""Cases of VER001 version-too-new."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def versions_of_2021(m: ModelBuilder) -> None:
    m.output(m.dense(m.reshape(m.conv2d(m.input((1, 8, 8, 3))), (1, 512))))


@passing
def a_grouped_convolution_has_its_own_rule(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4)), groups=2, version=6))


@passing
def a_number_that_gets_past_the_parser(m: ModelBuilder) -> None:
    m.output(m.unary("EXP", m.input((1, 8)), version=1))


@passing
def a_high_number_that_nothing_needs_has_its_own_rule(m: ModelBuilder) -> None:
    m.output(m.unary("EXP", m.input((1, 8), "FLOAT32"), dtype="FLOAT32", version=2))


@failing(severity="error")
def exp_in_int8(m: ModelBuilder) -> None:
    m.output(m.unary("EXP", m.input((1, 8)), version=2))


@failing(severity="error")
def quantize_per_channel(m: ModelBuilder) -> None:
    x = m.input((1, 4), "FLOAT32")
    m.output(m.op("QUANTIZE", [x], [m.tensor((1, 4), scale=[0.1, 0.2, 0.3, 0.4], axis=1)], version=3))


@failing(severity="error")
def a_version_from_after_this_tool(m: ModelBuilder) -> None:
    m.output(m.unary("LOGISTIC", m.input((1, 8)), version=40))


def reverse(m: ModelBuilder) -> None:
    x, out = m.input((1, 8, 8, 4)), m.tensor((1, 8, 8, 4))
    m.output(m.op("REVERSE_V2", [x, m.constant([1])], [out], version=3, options="ReverseV2Options"))


@failing(severity="error", compiler="15.0")
def reverse_for_15(m: ModelBuilder) -> None:
    reverse(m)


@passing
def reverse_for_16(m: ModelBuilder) -> None:
    reverse(m)

"""Cases of VER002 inflated-version."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def int64_add(m: ModelBuilder, version: int) -> None:
    """Index arithmetic, as in the head of a detector that selects its own boxes."""
    index = m.input((1, 4), "INT64")
    m.output(m.op("ADD", [index, index], [m.tensor((1, 4), "INT64")], version=version, options="AddOptions"))


@passing
def the_version_it_needs(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 4))
    m.output(m.add(x, m.conv2d(x, 4)))


@passing
def an_operator_code_for_each_need(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 4))
    m.output(m.conv2d(m.add(x, x, version=2), 4))
    int64_add(m, 4)


@passing
def what_needs_it_is_itself_too_new(m: ModelBuilder) -> None:
    m.output(m.unary("EXP", m.input((1, 8)), version=2))
    m.output(m.unary("EXP", m.input((1, 8), "FLOAT32"), dtype="FLOAT32", version=2))


@passing
def a_version_from_after_this_tool(m: ModelBuilder) -> None:
    m.output(m.unary("LOGISTIC", m.input((1, 8)), version=40))


@failing(severity="error")
def int64_beside_int8(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 4)), 4)
    m.output(m.conv2d(m.add(x, x, version=4), 4))
    int64_add(m, 4)


@failing(severity="info")
def int64_beside_int8_at_the_end(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 4)), 4)
    m.output(m.add(x, x, version=4))
    int64_add(m, 4)


@failing(severity="error")
def beyond_the_parser_for_no_reason(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4)), version=6))


@passing
def a_convolution_beside_a_grouped_one(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 4)), 4, version=6)
    m.output(m.conv2d(x, 8, groups=2, version=6))

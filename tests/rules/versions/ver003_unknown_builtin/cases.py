"""Cases of VER003 unknown-builtin."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def old_operators(m: ModelBuilder) -> None:
    m.output(m.unary("TANH", m.unary("LOGISTIC", m.input((1, 8)), version=2), version=2))


@passing
def custom_operator(m: ModelBuilder) -> None:
    m.output(m.op("CUSTOM", [m.input((1, 8))], [m.tensor((1, 8))], custom_code="Mine"))


@failing(severity="error")
def gelu(m: ModelBuilder) -> None:
    m.output(m.unary("GELU", m.input((1, 8)), version=2, options="GeluOptions"))


@failing(severity="error")
def beyond_the_schema(m: ModelBuilder) -> None:
    m.output(m.unary("BUILTIN_250", m.input((1, 8))))


@failing(severity="error")
def composite(m: ModelBuilder) -> None:
    m.output(m.unary("STABLEHLO_COMPOSITE", m.input((1, 8))))


@failing(severity="error", compiler="14.1")
def cumulative_sum_for_14(m: ModelBuilder) -> None:
    x = m.input((1, 8), "FLOAT32")
    m.output(m.op("CUMSUM", [x, m.constant(1)], [m.tensor((1, 8), "FLOAT32")], options="CumsumOptions"))


@passing
def cumulative_sum_for_16(m: ModelBuilder) -> None:
    x = m.input((1, 8), "FLOAT32")
    m.output(m.op("CUMSUM", [x, m.constant(1)], [m.tensor((1, 8), "FLOAT32")], options="CumsumOptions"))

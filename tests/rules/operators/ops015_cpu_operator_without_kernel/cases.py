"""Cases of OPS015 cpu-operator-without-kernel."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="info")
def rsqrt_behind_a_break(m: ModelBuilder) -> None:
    x = m.unary("LEAKY_RELU", m.conv2d(m.input((1, 8, 8, 3))), options="LeakyReluOptions", alpha=0.1)
    m.output(m.unary("RSQRT", x, version=2))


@failing(severity="info")
def reverse(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.op("REVERSE_V2", [x, m.constant([2])], [m.tensor((1, 8, 8, 8))], version=3))


@passing
def rsqrt_on_the_edge_tpu(m: ModelBuilder) -> None:
    m.output(m.unary("RSQRT", m.conv2d(m.input((1, 8, 8, 3))), version=2))


@passing
def float_rsqrt(m: ModelBuilder) -> None:
    x = m.dequantize(m.conv2d(m.input((1, 8, 8, 3))))
    m.output(m.unary("RSQRT", x, dtype="FLOAT32"))

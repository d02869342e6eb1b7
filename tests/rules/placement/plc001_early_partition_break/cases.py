"""Cases of PLC001 early-partition-break."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def leaky(m: ModelBuilder, x: int) -> int:
    return m.unary("LEAKY_RELU", x, options="LeakyReluOptions", alpha=0.1)


@failing(severity="error")
def break_in_the_middle(m: ModelBuilder) -> None:
    m.output(m.conv2d(leaky(m, m.conv2d(m.input((1, 8, 8, 3))))))


@failing(severity="error")
def one_cause_in_many_places(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    for _ in range(12):
        x = m.conv2d(leaky(m, x))
    m.output(x)


@failing(severity="warning")
def hardly_any_arithmetic_behind(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 32, 32, 3)), filters=64)
    m.output(m.unary("RELU", leaky(m, m.conv2d(x, filters=64))))


@passing
def detector_with_postprocess(m: ModelBuilder) -> None:
    x = m.dequantize(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "UINT8"))))
    boxes = m.op("CUSTOM", [x], [m.tensor((1, 4), "FLOAT32")], custom_code="TFLite_Detection_PostProcess")
    m.output(m.quantize(m.quantize(boxes), "UINT8"))


@passing
def float_ends(m: ModelBuilder) -> None:
    m.output(m.dequantize(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32")))))


@passing
def a_refused_end(m: ModelBuilder) -> None:
    m.output(leaky(m, m.conv2d(m.input((1, 8, 8, 3)))))


@passing
def nothing_maps(m: ModelBuilder) -> None:
    m.output(leaky(m, m.input((1, 8, 8, 3))))

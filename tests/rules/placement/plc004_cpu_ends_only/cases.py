"""Cases of PLC004 cpu-ends-only."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="info")
def float_ends(m: ModelBuilder) -> None:
    m.output(m.dequantize(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32")))))


@failing(severity="info")
def postprocess_and_what_follows(m: ModelBuilder) -> None:
    x = m.dequantize(m.conv2d(m.input((1, 8, 8, 3))))
    boxes = m.op("CUSTOM", [x], [m.tensor((1, 4), "FLOAT32")], custom_code="TFLite_Detection_PostProcess")
    m.output(m.quantize(m.quantize(boxes), "UINT8"))


@passing
def all_on_the_edge_tpu(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing
def a_break(m: ModelBuilder) -> None:
    x = m.unary("LEAKY_RELU", m.conv2d(m.input((1, 8, 8, 3))), options="LeakyReluOptions", alpha=0.1)
    m.output(m.dequantize(m.conv2d(x)))

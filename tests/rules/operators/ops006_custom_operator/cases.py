"""Cases of OPS006 custom-operator."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="error")
def unknown(m: ModelBuilder) -> None:
    x = m.dequantize(m.conv2d(m.input((1, 8, 8, 3))))
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 8, 8, 8), "FLOAT32")], custom_code="Atan"))


@failing(severity="error")
def without_a_name(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3))
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 8, 8, 3))]))


@failing(severity="error")
def in_another_subgraph(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))
    m.add_subgraph("body")
    x = m.input((1, 4), "FLOAT32")
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 4), "FLOAT32")], custom_code="Atan"))


@passing
def postprocess(m: ModelBuilder) -> None:
    x = m.dequantize(m.conv2d(m.input((1, 8, 8, 3))))
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 4), "FLOAT32")], custom_code="TFLite_Detection_PostProcess"))


@passing
def pose_decoder(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 10), "FLOAT32")], custom_code="PosenetDecoderOp"))


@passing
def flex_has_a_rule_of_its_own(m: ModelBuilder) -> None:
    x = m.dequantize(m.conv2d(m.input((1, 8, 8, 3))))
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 8, 8, 8), "FLOAT32")], custom_code="FlexErf"))

"""Cases of OPS005 flex-operator."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="error")
def in_the_graph(m: ModelBuilder) -> None:
    x = m.dequantize(m.conv2d(m.input((1, 8, 8, 3))))
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 8, 8, 8), "FLOAT32")], custom_code="FlexErf"))


@failing(severity="error")
def in_another_subgraph(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))
    m.add_subgraph("body")
    x = m.input((1, 4), "FLOAT32")
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 4), "FLOAT32")], custom_code="FlexSplitV"))


@passing
def postprocess(m: ModelBuilder) -> None:
    x = m.dequantize(m.conv2d(m.input((1, 8, 8, 3))))
    m.output(m.op("CUSTOM", [x], [m.tensor((1, 4), "FLOAT32")], custom_code="TFLite_Detection_PostProcess"))

"""Cases of CNV023 operator-left-in-float."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

SAID = "RuntimeError: Quantization not yet supported for op: 'NEG'.\nQuantization not yet supported for op: 'ELU'."


@passing(converter="Statistics for quantized inputs were expected, but not specified; continuing anyway.")
def another_message(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(severity="info", converter=SAID)
def beside_the_model_that_holds_it(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.conv2d(m.quantize(m.unary("NEG", m.dequantize(x), dtype="FLOAT32"))))


@failing(severity="error", converter=SAID)
def nothing_was_converted(m: ModelBuilder) -> None:
    pass

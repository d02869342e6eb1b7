"""Cases of IOB003 signedness-mismatch."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def nobody_said_who_reads_it(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing(consumer="pycoral")
def uint8_input(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "UINT8", zero_point=128))))


@passing(consumer="pycoral")
def no_picture(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16))))


@failing(consumer="pycoral", severity="warning")
def int8_input_for_pycoral(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(consumer="frigate", severity="info")
def int8_input_for_frigate(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3), name="image")))

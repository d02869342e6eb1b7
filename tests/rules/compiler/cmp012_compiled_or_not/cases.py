"""Cases of CMP012 compiled-or-not."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.packages import edgetpu_part


@failing(severity="warning", path="models/detect_edgetpu.tflite")
def nothing_for_the_edgetpu_inside(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(severity="info", path="models/detect_edgetpu.tflite")
def compiled(m: ModelBuilder) -> None:
    x, y = m.input((1, 8, 8, 3)), m.tensor((1, 8, 8, 8))
    edgetpu_part(m, [x], [y])
    m.output(m.dequantize(y))


@failing(severity="info", path="pipeline_segment_1_of_3_edgetpu.tflite")
def a_segment(m: ModelBuilder) -> None:
    x, y = m.input((1, 8, 8, 3)), m.tensor((1, 8, 8, 8))
    edgetpu_part(m, [x], [y])
    m.output(y)


@failing(severity="warning", log="Input model: detect_edgetpu.tflite\nTotal number of operations: 1\n")
def compiled_a_second_time(m: ModelBuilder) -> None:
    """The log alone."""


@passing(path="models/detect.tflite")
def not_compiled(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing(
    log="Input model: detect.tflite\nOutput model: detect_edgetpu.tflite\nTotal number of operations: 1\n"
)
def compiled_once(m: ModelBuilder) -> None:
    """The log alone."""

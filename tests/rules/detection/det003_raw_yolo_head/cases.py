"""Cases of DET003 raw-yolo-head."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def classifier(m: ModelBuilder) -> None:
    m.output(m.dense(m.reshape(m.input((1, 64, 64, 3)), (1, 12288)), 84))


@passing
def another_number_of_boxes(m: ModelBuilder) -> None:
    m.output(m.reshape(m.conv2d(m.input((1, 64, 64, 3)), 90, 1, stride=8), (1, 90, 64)))


@failing(severity="info")
def yolov8(m: ModelBuilder) -> None:
    x = m.input((1, 64, 64, 3))
    parts = [m.reshape(m.conv2d(x, 9, 1, stride=s), (1, 9, (64 // s) ** 2)) for s in (8, 16, 32)]
    m.output(m.concat(parts, axis=2, name="output0"))


@failing(severity="info")
def yolov5(m: ModelBuilder) -> None:
    x = m.input((1, 64, 64, 3))
    parts = [m.reshape(m.conv2d(x, 3 * 7, 1, stride=s), (1, 3 * (64 // s) ** 2, 7)) for s in (8, 16, 32)]
    m.output(m.concat(parts, axis=1, name="output"))

"""Cases of DET003 raw-yolo-head."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

NAMES = b"{'task': 'detect', 'names': {0: 'person', 1: 'car', 2: \"driver's seat\"}}"


@passing
def classifier(m: ModelBuilder) -> None:
    m.output(m.dense(m.reshape(m.input((1, 64, 64, 3)), (1, 12288)), 84))


@passing
def another_number_of_boxes(m: ModelBuilder) -> None:
    m.output(m.reshape(m.conv2d(m.input((1, 64, 64, 3)), 90, 1, stride=8), (1, 90, 64)))


@passing
def end_to_end_head(m: ModelBuilder) -> None:
    m.output(m.reshape(m.conv2d(m.input((1, 64, 64, 3)), 6, 1, stride=8), (1, 64, 6)))


@failing(severity="info")
def yolov8(m: ModelBuilder) -> None:
    x = m.input((1, 64, 64, 3))
    parts = [m.reshape(m.conv2d(x, 9, 1, stride=s), (1, 9, (64 // s) ** 2)) for s in (8, 16, 32)]
    m.output(m.concat(parts, axis=2, name="output0"))


@failing(severity="info")
def yolov8_with_names_and_masks(m: ModelBuilder) -> None:
    x = m.input((1, 64, 64, 3))
    parts = [m.reshape(m.conv2d(x, 39, 1, stride=s), (1, 39, (64 // s) ** 2)) for s in (8, 16, 32)]
    m.output(m.concat(parts, axis=2, name="output0"))
    m.attach("temp_meta.txt", NAMES)


@failing(severity="info")
def yolov5(m: ModelBuilder) -> None:
    x = m.input((1, 64, 64, 3))
    parts = [m.reshape(m.conv2d(x, 3 * 7, 1, stride=s), (1, 3 * (64 // s) ** 2, 7)) for s in (8, 16, 32)]
    m.output(m.concat(parts, axis=1, name="output"))


@failing(severity="info")
def yolox(m: ModelBuilder) -> None:
    x = m.input((1, 64, 64, 3))
    parts = [m.reshape(m.conv2d(x, 8, 1, stride=s), (1, (64 // s) ** 2, 8)) for s in (8, 16, 32)]
    m.output(m.concat(parts, axis=1, name="output"))


@failing(severity="info")
def yolov3_tiny(m: ModelBuilder) -> None:
    x = m.input((1, 64, 64, 3))
    parts = [m.reshape(m.conv2d(x, 3 * 7, 1, stride=s), (1, 3 * (64 // s) ** 2, 7)) for s in (16, 32)]
    m.output(m.concat(parts, axis=1, name="output"))

"""Cases of DET005 detection-count."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.detectors import detector


@passing
def nobody_said_who_reads_it(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing(consumer="pycoral")
def classifier_for_pycoral(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing(consumer="frigate")
def detector_for_frigate(m: ModelBuilder) -> None:
    detector(m)


@failing(consumer="frigate", severity="error")
def classifier_for_frigate(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(consumer="pycoral", severity="error")
def raw_yolo_for_pycoral(m: ModelBuilder) -> None:
    x = m.input((1, 64, 64, 3))
    parts = [m.reshape(m.conv2d(x, 9, 1, stride=s), (1, 9, (64 // s) ** 2)) for s in (8, 16, 32)]
    m.output(m.concat(parts, axis=2, name="output0"))

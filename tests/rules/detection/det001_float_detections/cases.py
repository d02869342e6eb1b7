"""Cases of DET001 float-detections."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.detectors import detector


@passing
def no_detector(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing
def quantized_detections(m: ModelBuilder) -> None:
    detector(m, quantized=True)


@failing(severity="info")
def float_detections(m: ModelBuilder) -> None:
    detector(m)


@failing(severity="info")
def boxes_alone(m: ModelBuilder) -> None:
    detector(m, order=("boxes",))

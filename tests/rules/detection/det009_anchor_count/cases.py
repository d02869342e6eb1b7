"""Cases of DET009 anchor-count."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.detectors import detector


@passing
def one_anchor_a_box(m: ModelBuilder) -> None:
    detector(m)


@passing
def no_detector(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(severity="error")
def anchors_of_a_larger_picture(m: ModelBuilder) -> None:
    detector(m, anchors=100)

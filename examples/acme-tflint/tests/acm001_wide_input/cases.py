"""Cases of ACM001 wide-input."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def as_the_cameras_deliver(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 320, 320, 3))))


@failing(severity="warning")
def wider(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 640, 640, 3))))

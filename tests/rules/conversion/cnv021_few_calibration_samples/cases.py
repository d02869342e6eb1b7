"""Cases of CNV021 few-calibration-samples."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

RECIPE = "TFLINT_EDGETPU_RECIPE"


def network(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing
def enough(m: ModelBuilder) -> None:
    network(m)
    m.metadata(RECIPE, b'{"calibration":{"kind":"images","samples":32}}')


@passing
def noise_is_another_matter(m: ModelBuilder) -> None:
    network(m)
    m.metadata(RECIPE, b'{"calibration":{"kind":"random","samples":8}}')


@passing
def a_number_that_is_none(m: ModelBuilder) -> None:
    network(m)
    m.metadata(RECIPE, b'{"calibration":{"kind":"images","samples":true}}')


@failing(severity="warning")
def eight_images(m: ModelBuilder) -> None:
    network(m)
    m.metadata(RECIPE, b'{"calibration":{"kind":"images","samples":8}}')


@failing(severity="warning")
def one_array(m: ModelBuilder) -> None:
    network(m)
    m.metadata(RECIPE, b'{"calibration":{"kind":"arrays","samples":1}}')

"""Cases of DET007 class-count."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.detectors import detector


@passing
def background_and_classes(m: ModelBuilder) -> None:
    detector(m, classes=4, columns=5)


@passing
def classes_alone(m: ModelBuilder) -> None:
    detector(m, classes=4, columns=4)


@failing(severity="error")
def too_few_columns(m: ModelBuilder) -> None:
    detector(m, classes=90, columns=5)


@failing(severity="error")
def too_many_columns(m: ModelBuilder) -> None:
    detector(m, classes=3, columns=5)

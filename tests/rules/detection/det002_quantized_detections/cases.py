"""Cases of DET002 quantized-detections."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.detectors import detector


@passing
def float_detections(m: ModelBuilder) -> None:
    detector(m)


@failing(severity="warning")
def quantized_detections(m: ModelBuilder) -> None:
    detector(m, quantized=True)


@failing(severity="warning")
def classes_that_cannot_be_told(m: ModelBuilder) -> None:
    detector(m, quantized=True, class_scale=1e-9)


@failing(severity="warning")
def classes_that_stop_at_the_highest_one_seen(m: ModelBuilder) -> None:
    detector(m, quantized=True, classes=90, class_scale=17 / 255)


@failing(severity="warning")
def one_class_loses_nothing_but_precision(m: ModelBuilder) -> None:
    detector(m, quantized=True, classes=1, class_scale=1e-9, score_scale=1 / 255)

"""Cases of DET006 detection-limits."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.detectors import detector


@passing
def no_detector(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing
def options_that_cannot_be_read(m: ModelBuilder) -> None:
    detector(m)
    m.subgraph.operators[-1].customOptions = None


@failing(severity="info")
def ten_detections(m: ModelBuilder) -> None:
    detector(m)


@failing(severity="info")
def suppression_once_for_each_class(m: ModelBuilder) -> None:
    detector(m, regular=True, score_threshold=1e-8)


@failing(severity="info", consumer="frigate")
def more_than_frigate_reads(m: ModelBuilder) -> None:
    detector(m, max_detections=100, score_threshold=1e-8)

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


@passing(consumer="frigate")
def yolo_with_two_heads_for_frigate(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 64, 64, 3)), 8, stride=8)
    m.output(
        m.reshape(m.conv2d(x, 64, 1), (1, 64, 64), name="boxes"),
        m.reshape(m.conv2d(x, 17, 1), (1, 64, 17), name="classes"),
    )


@failing(consumer="frigate", severity="error")
def classifier_for_frigate(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(consumer="frigate", severity="error")
def four_outputs_that_are_no_detections(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3))
    m.output(*(m.conv2d(x, 4, name=f"head{number}") for number in range(4)))


@failing(consumer="pycoral", severity="error")
def detector_without_its_count(m: ModelBuilder) -> None:
    detector(m, order=("boxes", "classes", "scores"))


@failing(consumer="pycoral", severity="error")
def raw_yolo_for_pycoral(m: ModelBuilder) -> None:
    x = m.input((1, 64, 64, 3))
    parts = [m.reshape(m.conv2d(x, 9, 1, stride=s), (1, 9, (64 // s) ** 2)) for s in (8, 16, 32)]
    m.output(m.concat(parts, axis=2, name="output0"))

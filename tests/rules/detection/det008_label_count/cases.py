"""Cases of DET008 label-count."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.detectors import detector

FOUR = b"cat\ndog\nbird\nfish\n"


@passing
def no_label_file(m: ModelBuilder) -> None:
    detector(m, classes=4)


@passing
def one_label_a_class(m: ModelBuilder) -> None:
    detector(m, classes=4)
    m.attach("labels.txt", FOUR)


@passing
def a_file_that_is_no_label_list(m: ModelBuilder) -> None:
    detector(m, classes=5)
    m.attach("vocabulary.txt", FOUR)


@passing
def two_lists_that_disagree(m: ModelBuilder) -> None:
    detector(m, classes=5)
    m.attach("labels.txt", FOUR)
    m.attach("labels_de.txt", FOUR + b"Maus\n")


@passing
def fewer_names_than_channels_of_a_yolo(m: ModelBuilder) -> None:
    x = m.input((1, 64, 64, 3))
    parts = [m.reshape(m.conv2d(x, 9, 1, stride=s), (1, 9, (64 // s) ** 2)) for s in (8, 16, 32)]
    m.output(m.concat(parts, axis=2))
    m.attach("metadata.json", b'{"names": {"0": "person"}}')


@failing(severity="info")
def background_first(m: ModelBuilder) -> None:
    detector(m, classes=4)
    m.attach("labelmap.txt", b"???\n" + FOUR)


@failing(severity="info")
def labels_of_another_detector(m: ModelBuilder) -> None:
    detector(m, classes=90)
    m.attach("labels.txt", FOUR)


@failing(severity="info")
def classifier_that_counts_the_background(m: ModelBuilder) -> None:
    m.output(m.unary("SOFTMAX", m.dense(m.input((1, 16)), 5), scale=1 / 256))
    m.attach("labels.txt", FOUR)


@failing(severity="info")
def more_names_than_channels_of_a_yolo(m: ModelBuilder) -> None:
    x = m.input((1, 64, 64, 3))
    parts = [m.reshape(m.conv2d(x, 5, 1, stride=s), (1, 5, (64 // s) ** 2)) for s in (8, 16, 32)]
    m.output(m.concat(parts, axis=2))
    m.attach("temp_meta.txt", b"{'names': {0: 'person', 1: 'car'}}")

"""Cases of DET004 detection-order."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.detectors import detector

TF2 = ("scores", "boxes", "count", "classes")


@passing
def usual_order(m: ModelBuilder) -> None:
    detector(m)


@passing(consumer="pycoral")
def tf2_order_for_pycoral(m: ModelBuilder) -> None:
    detector(m, order=TF2)


@passing
def three_of_the_four(m: ModelBuilder) -> None:
    detector(m, order=("scores", "boxes", "classes"))


@failing(severity="info")
def tf2_order(m: ModelBuilder) -> None:
    detector(m, order=TF2, classes=5)


@failing(consumer="frigate", severity="warning")
def tf2_order_for_frigate(m: ModelBuilder) -> None:
    detector(m, order=TF2)


@failing(consumer="pycoral", severity="warning")
def count_first_for_pycoral(m: ModelBuilder) -> None:
    detector(m, order=("count", "boxes", "classes", "scores"))


@failing(consumer="pycoral", severity="warning")
def a_single_detection_looks_like_the_count(m: ModelBuilder) -> None:
    detector(m, order=TF2, max_detections=1)


@failing(severity="info")
def quantized_outputs_in_another_order(m: ModelBuilder) -> None:
    detector(m, order=("count", "boxes", "classes", "scores"), quantized=True)

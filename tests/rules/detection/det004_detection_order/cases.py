"""Cases of DET004 detection-order."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.detectors import detector


@passing
def usual_order(m: ModelBuilder) -> None:
    detector(m)


@passing(consumer="pycoral")
def tf2_order_for_pycoral(m: ModelBuilder) -> None:
    detector(m, order=("scores", "boxes", "count", "classes"))


@failing(severity="info")
def tf2_order(m: ModelBuilder) -> None:
    detector(m, order=("scores", "boxes", "count", "classes"), classes=5)


@failing(consumer="frigate", severity="warning")
def tf2_order_for_frigate(m: ModelBuilder) -> None:
    detector(m, order=("scores", "boxes", "count", "classes"))


@failing(consumer="pycoral", severity="warning")
def count_first_for_pycoral(m: ModelBuilder) -> None:
    detector(m, order=("count", "boxes", "classes", "scores"))


@failing(severity="info")
def quantized_outputs_in_another_order(m: ModelBuilder) -> None:
    detector(m, order=("count", "boxes", "classes", "scores"), quantized=True)

"""Cases of QNT009 near-zero-range."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

EMPTY = 2e-6 / 255  # what the converter writes for a range without a value


@failing(severity="warning")
def a_layer_that_calibration_never_reached(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.conv2d(m.input((1, 8, 8, 3)), scale=EMPTY)))


@failing(severity="warning")
def an_output_without_values(m: ModelBuilder) -> None:
    m.output(m.unary("LOGISTIC", m.conv2d(m.input((1, 8, 8, 3))), scale=EMPTY))


@passing
def small_but_real(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3)), scale=1e-6))


@passing
def tiny_weights(m: ModelBuilder) -> None:
    weights = m.tensor((4, 16), data=0, scale=EMPTY)
    m.output(m.op("FULLY_CONNECTED", [m.input((1, 16)), weights, None], [m.tensor((1, 4))], version=4))


@passing
def quantized_detections_have_their_own_rule(m: ModelBuilder) -> None:
    boxes = m.dequantize(m.reshape(m.conv2d(m.input((1, 8, 8, 3)), filters=4), (1, 64, 4)))
    found = m.op("CUSTOM", [boxes], [m.tensor((1, 4), "FLOAT32")], custom_code="TFLite_Detection_PostProcess")
    m.output(m.quantize(found, "UINT8", scale=EMPTY))


@passing(dtype="FLOAT32")
def float_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))

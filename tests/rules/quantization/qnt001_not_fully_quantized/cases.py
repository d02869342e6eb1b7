"""Cases of QNT001 not-fully-quantized."""

import numpy as np

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(dtype="FLOAT32", severity="error")
def float32_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(dtype="FLOAT32", severity="error")
def float_model_without_arithmetic(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3))
    m.output(m.add(x, x))


@failing(dtype="FLOAT32", severity="error")
def float16_weights(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3))
    half = m.constant(np.zeros((4, 3, 3, 3)), "FLOAT16")
    weights = m.op("DEQUANTIZE", [half], [m.tensor((4, 3, 3, 3))], version=3)
    out = m.tensor((1, 8, 8, 4))
    m.output(m.op("CONV_2D", [x, weights, m.bias(4)], [out], options="Conv2DOptions", stride_w=1, stride_h=1))


@failing(dtype="FLOAT32", severity="error")
def dynamic_range(m: ModelBuilder) -> None:
    x = m.input((1, 16))
    weights = m.tensor((4, 16), "INT8", data=0, scale=0.01)
    out = m.tensor((1, 4))
    m.output(
        m.op("FULLY_CONNECTED", [x, weights, m.bias(4)], [out], version=3, options="FullyConnectedOptions")
    )


@failing(dtype="FLOAT32", severity="error")
def quantization_aware_training_not_converted(m: ModelBuilder) -> None:
    x = m.dequantize(m.quantize(m.input((1, 8, 8, 3))))
    m.output(m.conv2d(x))


@failing(severity="error")
def only_the_first_layer_is_quantized(m: ModelBuilder) -> None:
    x = m.dequantize(m.conv2d(m.input((1, 8, 8, 3)), filters=2, size=1))
    m.dtype = "FLOAT32"
    m.output(m.conv2d(m.conv2d(x), filters=16))


@passing
def full_integer(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing
def float_inputs_and_outputs(m: ModelBuilder) -> None:
    m.output(m.dequantize(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32")))))


@passing
def float_softmax_at_the_end(m: ModelBuilder) -> None:
    x = m.dequantize(m.dense(m.input((1, 16))))
    m.output(m.unary("SOFTMAX", x, dtype="FLOAT32", options="SoftmaxOptions", beta=1.0))


@passing
def detection_postprocess(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)), filters=4)
    boxes = m.dequantize(m.reshape(x, (1, 64, 4)))
    outputs = [m.tensor((), "FLOAT32") for _ in range(4)]
    m.op("CUSTOM", [boxes], outputs, custom_code="TFLite_Detection_PostProcess")
    m.output(*outputs)


@passing
def int16_model(m: ModelBuilder) -> None:
    x = m.input((1, 8), "INT16")
    m.output(m.op("ADD", [x, x], [m.tensor((1, 8), "INT16")], options="AddOptions"))

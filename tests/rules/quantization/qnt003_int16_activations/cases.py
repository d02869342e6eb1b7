"""Cases of QNT003 int16-activations."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def wide_conv(m: ModelBuilder, x: int) -> int:
    weights = m.tensor((4, 1, 1, m.shape(x)[-1]), "INT8", data=0, scale=[0.5] * 4)
    bias = m.constant([0] * 4, "INT64")
    out = m.tensor((1, 8, 8, 4), "INT16")
    return m.op("CONV_2D", [x, weights, bias], [out], options="Conv2DOptions", stride_w=1, stride_h=1)


@failing(severity="error")
def int16x8_model(m: ModelBuilder) -> None:
    m.output(wide_conv(m, m.input((1, 8, 8, 3), "INT16")))


@failing(severity="error")
def int16_between_8_bit_layers(m: ModelBuilder) -> None:
    x = m.quantize(m.conv2d(m.input((1, 8, 8, 3))), "INT16")
    m.output(m.conv2d(m.quantize(wide_conv(m, x))))


@passing
def int8_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing
def cell_state_of_an_lstm(m: ModelBuilder) -> None:
    x = m.input((1, 4, 8))
    gates = [m.tensor((8, 8), data=0) for _ in range(8)]
    biases = [m.bias(8) for _ in range(4)]
    output_state = m.tensor((1, 8), variable=True)
    cell_state = m.tensor((1, 8), "INT16", variable=True)
    inputs = [x, *gates, None, None, None, *biases, None, None, output_state, cell_state]
    m.output(m.op("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [m.tensor((1, 4, 8))]))


@passing
def unquantized_int16_audio(m: ModelBuilder) -> None:
    audio = m.input((1, 160), "INT16", scale=None)
    m.output(m.dense(m.quantize(m.unary("CAST", audio, dtype="FLOAT32"))))

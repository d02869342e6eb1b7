"""Cases of QNT007 fully-connected-per-channel-weights."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="error")
def per_channel_dense(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16)), per_channel=True))


@failing(severity="error")
def one_of_two_layers(m: ModelBuilder) -> None:
    m.output(m.dense(m.dense(m.input((1, 16)), 32, per_channel=True), 4))


@passing
def per_tensor_dense(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16))))


@passing
def a_single_unit(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16)), units=1, per_channel=True))


@passing
def per_channel_convolution(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3)), per_channel=True))


@passing(dtype="FLOAT32")
def dynamic_range(m: ModelBuilder) -> None:
    weights = m.tensor((4, 16), "INT8", data=0, scale=[0.01] * 4)
    m.output(m.op("FULLY_CONNECTED", [m.input((1, 16)), weights, m.bias(4)], [m.tensor((1, 4))], version=12))

"""Cases of QNT010 weights-not-8-bit."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def dense(m: ModelBuilder, weights: int) -> None:
    out = m.tensor((1, 4))
    m.output(m.op("FULLY_CONNECTED", [m.input((1, 16)), weights, m.bias(4)], [out], version=4))


@failing(severity="error")
def float_weights(m: ModelBuilder) -> None:
    dense(m, m.tensor((4, 16), "FLOAT32", data=0))


@failing(severity="error")
def sixteen_bit_weights(m: ModelBuilder) -> None:
    dense(m, m.tensor((4, 16), "INT16", data=0))


@failing(severity="error")
def weights_without_a_scale(m: ModelBuilder) -> None:
    dense(m, m.tensor((4, 16), data=0, scale=None))


@failing(severity="error")
def transposed_convolution(m: ModelBuilder) -> None:
    weights = m.tensor((4, 2, 2, 3), "FLOAT32", data=0)
    inputs = [m.constant([1, 8, 8, 4]), weights, m.input((1, 4, 4, 3))]
    m.output(m.op("TRANSPOSE_CONV", inputs, [m.tensor((1, 8, 8, 4))], options="TransposeConvOptions"))


@passing
def eight_bit_weights(m: ModelBuilder) -> None:
    dense(m, m.tensor((4, 16), data=0))


@passing
def computed_weights(m: ModelBuilder) -> None:
    dense(m, m.input((4, 16)))


@passing(dtype="FLOAT32")
def float_activations_too(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16))))

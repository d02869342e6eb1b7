"""Ranks, types and the table of operators."""

from __future__ import annotations

from tflint_edgetpu.edgetpu.target import Target
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.constraint_cases import breaks, keeps


@keeps("only-three-innermost-dimensions")
def rows_of_a_matrix(m: ModelBuilder) -> None:
    m.output(m.unary("LOGISTIC", m.input((1076, 2)), version=2))


@keeps("only-three-innermost-dimensions")
def a_filter_has_four_dimensions(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4)), 8, 3))


@breaks("only-three-innermost-dimensions")
def a_batch_of_two(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((2, 8, 8, 4)), 8, 3))


@breaks("only-three-innermost-dimensions")
def a_result_of_five_dimensions(m: ModelBuilder) -> None:
    m.output(m.reshape(m.input((1, 20, 20, 128)), (1, 20, 20, 2, 64)))


@breaks("only-three-innermost-dimensions")
def a_padded_batch(m: ModelBuilder) -> None:
    _pad(m, [[0, 1], [0, 0], [0, 0], [0, 0]])


@keeps("activations-are-quantized-to-8-bit")
def int32_bias_and_paddings(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16)), 4))


@keeps("activations-are-quantized-to-8-bit")
def a_float_input_of_quantize_has_its_own_reason(m: ModelBuilder) -> None:
    m.output(m.quantize(m.input((1, 8), "FLOAT32")))


@keeps("activations-are-quantized-to-8-bit")
def the_state_of_an_lstm_is_16_bit(m: ModelBuilder) -> None:
    _lstm(m, computed_weights=False)


@breaks("activations-are-quantized-to-8-bit")
def a_dequantize_writes_float(m: ModelBuilder) -> None:
    m.output(m.dequantize(m.input((1, 8))))


@breaks("activations-are-quantized-to-8-bit")
def sixteen_bit_activations(m: ModelBuilder) -> None:
    m.output(m.unary("LOGISTIC", m.input((1, 8), "INT16"), dtype="INT16", version=3))


@keeps("int8-needs-runtime-12", Target((16, 0), 12))
def int8_on_runtime_12(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4))))


@breaks("int8-needs-runtime-12", Target((16, 0), 11))
def int8_on_runtime_11(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4))))


@keeps("quantize-does-not-read-float")
def a_change_of_sign(m: ModelBuilder) -> None:
    m.output(m.quantize(m.input((1, 8, 8, 3), "UINT8")))


@breaks("quantize-does-not-read-float")
def from_float(m: ModelBuilder) -> None:
    m.output(m.quantize(m.input((1, 8, 8, 3), "FLOAT32")))


@keeps("operator-is-in-the-table")
def a_transpose_for_16_0(m: ModelBuilder) -> None:
    m.output(m.transpose(m.input((1, 4, 4, 8)), (0, 3, 1, 2)))


@breaks("operator-is-in-the-table", "15.0")
def a_transpose_for_15_0(m: ModelBuilder) -> None:
    m.output(m.transpose(m.input((1, 4, 4, 8)), (0, 3, 1, 2)))


@breaks("operator-is-in-the-table")
def a_leaky_relu(m: ModelBuilder) -> None:
    m.output(m.unary("LEAKY_RELU", m.input((1, 8, 8, 4)), options="LeakyReluOptions", alpha=0.1))


def _lstm(m: ModelBuilder, computed_weights: bool) -> None:
    x = m.input((1, 28, 28))
    gates = [m.tensor((20, 28), data=0) for _ in range(4)] + [m.tensor((20, 20), data=0) for _ in range(4)]
    if computed_weights:
        gates[0] = m.input((20, 28))
    state = m.tensor((1, 20), variable=True)
    cell = m.tensor((1, 20), "INT16", variable=True)
    inputs = [x, *gates, None, None, None, *[m.bias(20) for _ in range(4)], None, None, state, cell]
    out = m.tensor((1, 28, 20))
    m.output(m.op("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [out], options="UnidirectionalSequenceLSTMOptions"))


def _pad(m: ModelBuilder, paddings: list[list[int]], dtype: str = "INT32") -> None:
    shape = [size + sum(pair) for size, pair in zip((1, 8, 8, 4), paddings, strict=True)]
    inputs = [m.input((1, 8, 8, 4)), m.constant(paddings, dtype)]
    m.output(m.op("PAD", inputs, [m.tensor(shape)], version=2, options="PadOptions"))

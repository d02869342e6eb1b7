"""Parameters and activations: the formulas on layers whose compiled size is known."""

from __future__ import annotations

from tflint_edgetpu.edgetpu.memory import parameter_bytes
from tflint_edgetpu.edgetpu.placement import place_model
from tflint_edgetpu.edgetpu.target import PARAMETER_BYTES
from tflint_edgetpu.model.graph import Model
from tflint_edgetpu.testing.builder import ModelBuilder


def sizes(model: Model) -> list[int]:
    return [parameter_bytes(operator, model) for operator in model.main.operators]


def test_convolutions_of_an_image_pad_channels() -> None:
    # Jorgitou98_N41-nMACs66502656_quant: 21,504 bytes in the compiled file.
    m = ModelBuilder()
    m.output(m.conv2d(m.conv2d(m.input((1, 64, 64, 3)), 41), 41))
    assert sum(sizes(m.model())) == 21_504


def test_a_convolution_of_one_channel() -> None:
    # rubensrech_conv_2d_1_50_50_1_quant: 192 bytes in the compiled file.
    m = ModelBuilder("UINT8")
    m.output(m.conv2d(m.input((1, 50, 50, 1)), 1))
    assert sizes(m.model()) == [192]


def test_dense_layers_are_spread_over_the_tiles() -> None:
    # ferhatyaman_10L_10N and 10L_100N of the MNIST sweep: 15,168 and 222,336 bytes in the compiled files.
    for units, wanted in ((10, 15_168), (100, 222_336)):
        m = ModelBuilder()
        x = m.dense(m.input((1, 784)), units)
        for _ in range(9):
            x = m.dense(x, units)
        m.output(m.dense(x, 10))
        assert sum(sizes(m.model())) == wanted


def test_a_dilated_depthwise_filter_is_stored_with_its_holes() -> None:
    plain, dilated = ModelBuilder("UINT8"), ModelBuilder("UINT8")
    plain.output(plain.depthwise_conv2d(plain.input((1, 33, 33, 480))))
    dilated.output(dilated.depthwise_conv2d(dilated.input((1, 33, 33, 480)), dilation=2))
    assert sizes(plain.model()) == [480 * (9 * 4 + 4)]
    assert sizes(dilated.model()) == [480 * (25 * 4 + 4)]


def test_what_does_not_fit_is_streamed() -> None:
    m = ModelBuilder()
    x = m.input((1, 4096))
    small = m.dense(x, 16)
    m.output(small, m.dense(x, 4096))
    memory = place_model(m.model()).memory
    assert memory.parameters == memory.cached + memory.streamed
    assert 0 < memory.cached < PARAMETER_BYTES < memory.streamed
    assert memory.segments == 3  # 16 MiB of weights
    assert memory.certainty == "guess"


def test_only_what_runs_on_the_edge_tpu_counts() -> None:
    m = ModelBuilder()
    x = m.conv2d(m.input((1, 8, 8, 4)), 8)
    left = place_model_of(m, x)
    refused = m.unary("LEAKY_RELU", x, options="LeakyReluOptions", alpha=0.1)
    m.subgraph.outputs.clear()
    m.output(m.conv2d(refused, 64))
    assert place_model(m.model()).memory.parameters == left
    assert left > 0


def place_model_of(m: ModelBuilder, output: int) -> int:
    m.output(output)
    return place_model(m.model()).memory.parameters


def test_activations_alive_at_one_time() -> None:
    m = ModelBuilder()
    x = m.input((1, 8, 8, 4))  # 256 bytes
    y = m.unary("LOGISTIC", x)  # x and y: 512
    z = m.unary("TANH", y)  # y and z, x waits for the end: 768
    m.output(m.add(z, x))  # x, z and the sum: 768
    assert place_model(m.model()).memory.activations == 768

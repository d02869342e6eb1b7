"""Versions, and what must be constant."""

from __future__ import annotations

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.constraint_cases import breaks, keeps


@keeps("add-is-version-3-or-lower")
def an_add_of_version_2(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 4))
    m.output(m.add(x, x))


@breaks("add-is-version-3-or-lower")
def an_add_of_version_4(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 4))
    m.output(m.add(x, x, version=4))


@keeps("version-is-older-than-tensorflow-2-6")
def a_mul_of_version_3(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 4))
    m.output(m.add(x, x, kind="MUL", version=3))


@breaks("version-is-older-than-tensorflow-2-6", grey=True)
def a_mul_of_version_5(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 4))
    m.output(m.add(x, x, kind="MUL", version=5))


@keeps("resize-is-version-2-or-lower", "15.0")
def a_resize_of_version_2(m: ModelBuilder) -> None:
    _resize(m, "RESIZE_NEAREST_NEIGHBOR", (1, 8, 8, 4), (16, 16), version=2)


@breaks("resize-is-version-2-or-lower", "15.0")
def a_resize_of_version_3(m: ModelBuilder) -> None:
    _resize(m, "RESIZE_NEAREST_NEIGHBOR", (1, 8, 8, 4), (16, 16), version=3)


@keeps("version-was-seen-mapped")
def a_convolution_of_version_3(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4)), version=3))


@breaks("version-was-seen-mapped", grey=True)
def a_convolution_of_version_5(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4)), version=5))


@keeps("parameters-are-constant")
def a_constant_filter(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4))))


@breaks("parameters-are-constant")
def a_filter_as_an_input(m: ModelBuilder) -> None:
    x, weights = m.input((1, 8, 8, 4)), m.input((8, 3, 3, 4))
    out = m.tensor((1, 8, 8, 8))
    m.output(m.op("CONV_2D", [x, weights, m.bias(8)], [out], version=3, options="Conv2DOptions"))


@breaks("parameters-are-constant")
def computed_weights_of_an_lstm(m: ModelBuilder) -> None:
    _lstm(m, computed_weights=True)


@keeps("weights-are-constant-or-the-only-computed-operand")
def computed_weights_and_a_constant_input(m: ModelBuilder) -> None:
    m.output(_matmul(m, m.tensor((12, 11), data=0), m.input((256, 11))))


@breaks("weights-are-constant-or-the-only-computed-operand", "15.0")
def computed_weights_for_15_0(m: ModelBuilder) -> None:
    m.output(_matmul(m, m.tensor((12, 11), data=0), m.input((256, 11))))


@breaks("weights-are-constant-or-the-only-computed-operand", grey=True)
def both_matrices_are_computed(m: ModelBuilder) -> None:
    m.output(_matmul(m, m.input((12, 11)), m.input((256, 11))))


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


def _matmul(m: ModelBuilder, x: int, weights: int) -> int:
    out = m.tensor((m.shape(x)[0], m.shape(weights)[0]))
    return m.op("FULLY_CONNECTED", [x, weights, None], [out], version=4, options="FullyConnectedOptions")


def _resize(
    m: ModelBuilder, kind: str, shape: tuple[int, ...], size: tuple[int, int], version: int = 2
) -> None:
    options = {"RESIZE_BILINEAR": "ResizeBilinearOptions"}.get(kind, "ResizeNearestNeighborOptions")
    out = m.tensor((1, *size, shape[3]))
    m.output(m.op(kind, [m.input(shape), m.constant(list(size))], [out], version=version, options=options))

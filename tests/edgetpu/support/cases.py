"""For every constraint at least one operator that keeps it and one that breaks it, built in memory.

A case fills a model; the operator under test is the last one, unless the case returns its index.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tflint_edgetpu.edgetpu.target import COMPILERS, DEFAULT_TARGET, Target
from tflint_edgetpu.testing.builder import ModelBuilder

Fill = Callable[[ModelBuilder], None]


class ConstraintCase(NamedTuple):
    slug: str
    breaks: bool
    fill: Fill
    target: Target
    grey: bool  # only in the grey zone

    @property
    def name(self) -> str:
        return self.fill.__name__


CASES: list[ConstraintCase] = []


def _case(slug: str, breaks: bool, target: str | Target | None, grey: bool) -> Callable[[Fill], Fill]:
    def add(fill: Fill) -> Fill:
        judged = COMPILERS[target] if isinstance(target, str) else target or DEFAULT_TARGET
        CASES.append(ConstraintCase(slug, breaks, fill, judged, grey))
        return fill

    return add


def keeps(slug: str, target: str | Target | None = None) -> Callable[[Fill], Fill]:
    return _case(slug, False, target, False)


def breaks(slug: str, target: str | Target | None = None, grey: bool = False) -> Callable[[Fill], Fill]:
    return _case(slug, True, target, grey)


# Every operator: rank, types, table


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


# Versions


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


# Constants


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


# Convolutions, pools, FULLY_CONNECTED


@keeps("dilation-is-the-same-in-both-directions")
def dilation_of_two_by_two(m: ModelBuilder) -> None:
    m.output(m.depthwise_conv2d(m.input((1, 33, 33, 16)), dilation=2))


@breaks("dilation-is-the-same-in-both-directions")
def dilation_of_one_by_two(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 4))
    weights, out = m.tensor((8, 3, 3, 4), data=0, scale=[0.5] * 8), m.tensor((1, 8, 8, 8))
    m.output(
        m.op("CONV_2D", [x, weights, m.bias(8)], [out], version=3, options="Conv2DOptions", stride_w=1,
             stride_h=1, dilation_w_factor=1, dilation_h_factor=2)
    )  # fmt: skip


@keeps("no-fused-activation")
def a_plain_pool(m: ModelBuilder) -> None:
    m.output(m.pool("MAX_POOL_2D", m.input((1, 8, 8, 4))))


@breaks("no-fused-activation")
def a_pool_with_relu(m: ModelBuilder) -> None:
    m.output(m.pool("MAX_POOL_2D", m.input((1, 8, 8, 4)), activation="RELU"))


@keeps("weights-have-the-default-format")
def plain_weights(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16))))


@breaks("weights-have-the-default-format")
def shuffled_weights(m: ModelBuilder) -> None:
    x = m.input((1, 16))
    weights, out = m.tensor((8, 16), data=0), m.tensor((1, 8))
    m.output(
        m.op("FULLY_CONNECTED", [x, weights, m.bias(8)], [out], version=4, options="FullyConnectedOptions",
             weights_format=1)
    )  # fmt: skip


@keeps("outputs-are-few-enough")
def a_thousand_outputs(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16)), 1000))


@breaks("outputs-are-few-enough")
def a_hundred_thousand_outputs(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 4)), 100_000))


@breaks("outputs-are-few-enough", grey=True)
def fifty_thousand_outputs(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 4)), 50_000))


@keeps("weights-are-quantized-per-tensor")
def one_scale(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16))))


@breaks("weights-are-quantized-per-tensor", grey=True)
def one_scale_a_channel(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 16)), per_channel=True))


@keeps("alpha-is-one-dimensional")
def one_alpha_a_channel(m: ModelBuilder) -> None:
    _prelu(m, (1, 1, 4))


@breaks("alpha-is-one-dimensional")
def one_alpha_a_pixel(m: ModelBuilder) -> None:
    _prelu(m, (8, 8, 4))


# Reductions and SOFTMAX


@keeps("no-reduction-over-the-batch")
def a_mean_of_rows_and_columns(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (1, 7, 7, 1280), [1, 2], (1, 1280))


@keeps("no-reduction-over-the-batch")
def a_sum_over_axis_0_of_three(m: ModelBuilder) -> None:
    _reduce(m, "SUM", (16, 2, 1), [0], (2, 1))


@breaks("no-reduction-over-the-batch")
def a_mean_of_the_batch(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (1, 7, 7, 8), [0], (7, 7, 8))


@breaks("no-reduction-over-the-batch", grey=True)
def a_mean_over_axis_0_of_three(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (16, 2, 4), [0], (2, 4))


@keeps("channels-averaged-are-a-multiple-of-4")
def a_mean_of_512_channels(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (1, 49, 512), [-1], (1, 49))


@breaks("channels-averaged-are-a-multiple-of-4")
def a_mean_of_510_channels(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (1, 49, 510), [-1], (1, 49))


@keeps("a-mean-averages-few-enough-pixels")
def a_mean_of_8192_pixels(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (1, 64, 128, 4), [1, 2], (1, 4))


@breaks("a-mean-averages-few-enough-pixels")
def a_mean_of_32768_pixels(m: ModelBuilder) -> None:
    _reduce(m, "MEAN", (1, 256, 128, 4), [1, 2], (1, 4))


@keeps("a-softmax-is-short-enough")
def many_short_rows(m: ModelBuilder) -> None:
    m.output(m.unary("SOFTMAX", m.input((1, 4, 8400, 16)), version=2))


@breaks("a-softmax-is-short-enough", grey=True)
def one_long_row(m: ModelBuilder) -> None:
    m.output(m.unary("SOFTMAX", m.input((1, 20_000)), version=2))


# Joining, cutting, padding


@keeps("a-constant-joined-is-zero-padding")
def joined_with_zeros(m: ModelBuilder) -> None:
    m.output(m.concat([m.input((1, 8, 8, 4)), m.tensor((1, 8, 8, 2), data=0)]))


@breaks("a-constant-joined-is-zero-padding")
def joined_with_ones(m: ModelBuilder) -> None:
    m.output(m.concat([m.input((1, 8, 8, 4)), m.tensor((1, 8, 8, 2), data=1)]))


@breaks("a-constant-joined-is-zero-padding")
def a_constant_among_three(m: ModelBuilder) -> None:
    m.output(m.concat([m.input((1, 8, 8, 4)), m.input((1, 8, 8, 4)), m.tensor((1, 8, 8, 2), data=0)]))


@keeps("pack-does-not-stack-along-axis-0")
def a_stack_of_three_dimensions(m: ModelBuilder) -> None:
    _pack(m, (15, 1), (2, 15, 1))


@breaks("pack-does-not-stack-along-axis-0", "15.0")
def a_stack_of_three_dimensions_for_15_0(m: ModelBuilder) -> None:
    _pack(m, (15, 1), (2, 15, 1))


@keeps("split-does-not-cut-batches")
def a_split_of_channels(m: ModelBuilder) -> None:
    _split(m, (1, 8, 8, 4), axis=3)


@breaks("split-does-not-cut-batches")
def a_split_of_axis_0(m: ModelBuilder) -> None:
    _split(m, (8, 2, 1), axis=0)


@keeps("paddings-are-int32")
def paddings_of_32_bits(m: ModelBuilder) -> None:
    _pad(m, [[0, 0], [1, 1], [1, 1], [0, 0]])


@breaks("paddings-are-int32", grey=True)
def paddings_of_64_bits(m: ModelBuilder) -> None:
    _pad(m, [[0, 0], [1, 1], [1, 1], [0, 0]], "INT64")


@keeps("no-ellipsis-and-no-new-axis")
def a_slice_with_masks_for_its_ends(m: ModelBuilder) -> None:
    _strided_slice(m, (1, 8, 8, 4), (1, 8, 8, 2), begin_mask=7, end_mask=7)


@breaks("no-ellipsis-and-no-new-axis")
def a_slice_with_a_new_axis(m: ModelBuilder) -> None:
    _strided_slice(m, (1, 8, 8, 4), (1, 8, 8, 2), new_axis_mask=1)


@keeps("strides-are-1", "15.0")
def strides_of_one(m: ModelBuilder) -> None:
    _strided_slice(m, (1, 8, 8, 4), (1, 8, 8, 2))


@breaks("strides-are-1", "15.0")
def strides_of_two(m: ModelBuilder) -> None:
    _strided_slice(m, (1, 8, 8, 4), (1, 4, 8, 4), strides=(1, 2, 1, 1))


# Relayouts


@keeps("a-transpose-fits-one-tile")
def a_transpose_at_192_pixels(m: ModelBuilder) -> None:
    m.output(m.transpose(m.input((1, 24, 24, 144)), (0, 3, 1, 2)))


@breaks("a-transpose-fits-one-tile")
def a_transpose_at_224_pixels(m: ModelBuilder) -> None:
    m.output(m.transpose(m.input((1, 28, 28, 144)), (0, 3, 1, 2)))


@breaks("a-transpose-fits-one-tile", grey=True)
def a_transpose_at_208_pixels(m: ModelBuilder) -> None:
    m.output(m.transpose(m.input((1, 26, 26, 144)), (0, 3, 1, 2)))


@keeps("a-reshape-fits-its-tiles")
def spread_rows(m: ModelBuilder) -> None:
    m.output(m.reshape(m.input((1, 40, 40, 255)), (1, 1600, 3, 85)))


@keeps("a-reshape-fits-its-tiles")
def a_dimension_of_one_comes_and_nothing_moves(m: ModelBuilder) -> None:
    m.output(m.reshape(m.input((1, 1000, 128)), (1, 1, 1000, 128)))


@breaks("a-reshape-fits-its-tiles")
def into_one_long_row(m: ModelBuilder) -> None:
    m.output(m.reshape(m.input((1, 24, 24, 810)), (1, 5184, 90)))


@keeps("a-resize-fits-its-tiles")
def doubled_to_80_pixels(m: ModelBuilder) -> None:
    _resize(m, "RESIZE_NEAREST_NEIGHBOR", (1, 40, 40, 128), (80, 80))


@breaks("a-resize-fits-its-tiles")
def enlarged_to_513_pixels(m: ModelBuilder) -> None:
    _resize(m, "RESIZE_BILINEAR", (1, 33, 33, 21), (513, 513))


@keeps("a-bilinear-resize-has-pixels-to-mix")
def from_33_pixels(m: ModelBuilder) -> None:
    _resize(m, "RESIZE_BILINEAR", (1, 33, 33, 19), (65, 65))


@breaks("a-bilinear-resize-has-pixels-to-mix")
def from_one_pixel(m: ModelBuilder) -> None:
    _resize(m, "RESIZE_BILINEAR", (1, 1, 1, 256), (33, 33))


@keeps("a-single-row-fits-one-tile")
def a_large_feature_map_is_spread(m: ModelBuilder) -> None:
    m.output(m.unary("LOGISTIC", m.input((1, 320, 320, 16)), version=2))


@keeps("a-single-row-fits-one-tile")
def two_thousand_anchors(m: ModelBuilder) -> None:
    m.output(m.unary("LOGISTIC", m.input((1, 2034, 91)), version=2))


@breaks("a-single-row-fits-one-tile")
def eight_thousand_anchors(m: ModelBuilder) -> None:
    m.output(m.unary("LOGISTIC", m.input((1, 80, 8400)), version=2))


@breaks("a-single-row-fits-one-tile", grey=True)
def just_above_a_tile(m: ModelBuilder) -> None:
    m.output(m.unary("LOGISTIC", m.input((1, 2140, 91)), version=2))


@keeps("a-single-row-fits-one-tile-too")
def a_short_row(m: ModelBuilder) -> None:
    m.output(m.unary("TANH", m.input((1, 80, 2100)), version=2))


@breaks("a-single-row-fits-one-tile-too", grey=True)
def a_long_row(m: ModelBuilder) -> None:
    m.output(m.unary("TANH", m.input((1, 80, 8400)), version=2))


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


def _prelu(m: ModelBuilder, alpha: tuple[int, ...]) -> None:
    out = m.tensor((1, 8, 8, 4))
    m.output(m.op("PRELU", [m.input((1, 8, 8, 4)), m.tensor(alpha, data=1)], [out]))


def _reduce(
    m: ModelBuilder, kind: str, shape: tuple[int, ...], axes: list[int], result: tuple[int, ...]
) -> None:
    out = m.tensor(result)
    m.output(m.op(kind, [m.input(shape), m.constant(axes)], [out], version=2, options="ReducerOptions"))


def _pack(m: ModelBuilder, shape: tuple[int, ...], result: tuple[int, ...]) -> None:
    out = m.tensor(result)
    inputs = [m.input(shape), m.input(shape)]
    m.output(m.op("PACK", inputs, [out], version=2, options="PackOptions", values_count=2, axis=0))


def _split(m: ModelBuilder, shape: tuple[int, ...], axis: int) -> None:
    half = list(shape)
    half[axis] //= 2
    outputs = [m.tensor(half), m.tensor(half)]
    m.op(
        "SPLIT", [m.constant(axis), m.input(shape)], outputs, version=2, options="SplitOptions", num_splits=2
    )
    m.output(*outputs)


def _pad(m: ModelBuilder, paddings: list[list[int]], dtype: str = "INT32") -> None:
    shape = [size + sum(pair) for size, pair in zip((1, 8, 8, 4), paddings, strict=True)]
    inputs = [m.input((1, 8, 8, 4)), m.constant(paddings, dtype)]
    m.output(m.op("PAD", inputs, [m.tensor(shape)], version=2, options="PadOptions"))


def _strided_slice(
    m: ModelBuilder, shape: tuple[int, ...], result: tuple[int, ...], strides: tuple[int, ...] = (1, 1, 1, 1),
    **masks: int,
) -> None:  # fmt: skip
    inputs = [m.input(shape), m.constant([0] * 4), m.constant(list(shape)), m.constant(list(strides))]
    m.output(
        m.op("STRIDED_SLICE", inputs, [m.tensor(result)], version=2, options="StridedSliceOptions", **masks)
    )

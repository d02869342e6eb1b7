"""Joining, cutting, padding, and laying data out anew."""

from __future__ import annotations

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.constraint_cases import breaks, keeps


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


def _resize(
    m: ModelBuilder, kind: str, shape: tuple[int, ...], size: tuple[int, int], version: int = 2
) -> None:
    options = {"RESIZE_BILINEAR": "ResizeBilinearOptions"}.get(kind, "ResizeNearestNeighborOptions")
    out = m.tensor((1, *size, shape[3]))
    m.output(m.op(kind, [m.input(shape), m.constant(list(size))], [out], version=version, options=options))


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

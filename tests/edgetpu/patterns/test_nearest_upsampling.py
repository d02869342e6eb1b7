"""Chains that are nearest-neighbour upsampling, and chains that only look like it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tflint_edgetpu.edgetpu.patterns.nearest_upsampling import NearestUpsampling, find_nearest_upsamplings
from tflint_edgetpu.model.dataflow import Dataflow
from tflint_edgetpu.testing.builder import ModelBuilder


def pack(m: ModelBuilder, x: int, axis: int, times: int = 2) -> int:
    shape = list(m.shape(x))
    shape.insert(axis if axis >= 0 else len(shape) + 1 + axis, times)
    out = m.tensor(shape)
    return m.op("PACK", [x] * times, [out], version=2, options="PackOptions", axis=axis, values_count=times)


def tile(m: ModelBuilder, x: int, multiples: Sequence[int]) -> int:
    shape = [size * times for size, times in zip(m.shape(x), multiples, strict=True)]
    return m.op("TILE", [x, m.constant(list(multiples))], [m.tensor(shape)])


def found(m: ModelBuilder, result: int) -> list[NearestUpsampling]:
    m.output(result)
    model = m.model()
    return list(find_nearest_upsamplings(model, Dataflow(model.main)))


def test_pack_pack_reshape() -> None:
    m = ModelBuilder()
    x = m.input((1, 10, 12, 8))
    (one,) = found(m, m.reshape(pack(m, pack(m, x, 3), 2), (1, 20, 24, 8)))
    assert [operator.kind for operator in one.operators] == ["PACK", "PACK", "RESHAPE"]
    assert (one.height, one.width) == (2, 2)
    assert (one.source.shape, one.result.shape) == ((1, 10, 12, 8), (1, 20, 24, 8))


def test_pack_reshape_pack_reshape() -> None:
    m = ModelBuilder()
    x = m.input((1, 10, 12, 8))
    wide = m.reshape(pack(m, x, -2, 3), (1, 10, 36, 8))
    (one,) = found(m, m.reshape(pack(m, wide, 2), (1, 20, 36, 8)))
    assert (one.height, one.width, len(one.operators)) == (2, 3, 4)


def test_one_direction() -> None:
    m = ModelBuilder()
    (one,) = found(m, m.reshape(pack(m, m.input((1, 10, 12, 8)), 2), (1, 20, 12, 8)))
    assert (one.height, one.width) == (2, 1)


def test_repeat_as_tile() -> None:
    m = ModelBuilder()
    x = m.input((1, 4, 6, 8))
    high = m.reshape(tile(m, m.reshape(x, (1, 4, 1, 6, 8)), (1, 1, 2, 1, 1)), (1, 8, 6, 8))
    (one,) = found(m, m.reshape(tile(m, m.reshape(high, (1, 8, 6, 1, 8)), (1, 1, 1, 2, 1)), (1, 8, 12, 8)))
    assert (one.height, one.width, len(one.operators)) == (2, 2, 6)


def test_what_follows_is_left_alone() -> None:
    m = ModelBuilder()
    up = m.reshape(pack(m, m.input((1, 4, 4, 8)), 3), (1, 4, 8, 8))
    (one,) = found(m, m.reshape(up, (1, 256)))
    assert len(one.operators) == 2


@pytest.mark.parametrize(
    "axes", [(1, 1), (3, 3), (4, 2)], ids=["rows one after the other", "columns only", "channels"]
)
def test_other_copies_are_not(axes: tuple[int, int]) -> None:
    m = ModelBuilder()
    x = m.input((1, 10, 12, 8))
    ups = found(m, m.reshape(pack(m, pack(m, x, axes[0]), axes[1]), (1, 20, 24, 8)))
    assert ups == []


def test_tiling_is_not() -> None:
    m = ModelBuilder()
    assert found(m, tile(m, m.input((1, 4, 6, 8)), (1, 2, 2, 1))) == []


def test_different_tensors_are_not() -> None:
    m = ModelBuilder()
    x = m.input((1, 4, 4, 8))
    out = m.tensor((1, 4, 4, 2, 8))
    m.op("PACK", [x, m.unary("RELU", x)], [out], version=2, options="PackOptions", axis=3, values_count=2)
    assert found(m, m.reshape(out, (1, 4, 8, 8))) == []


def test_a_single_pixel_is_broadcasting() -> None:
    m = ModelBuilder()
    assert found(m, tile(m, m.input((1, 1, 1, 8)), (1, 3, 3, 1))) == []


def test_a_chain_that_is_read_midway_is_not() -> None:
    m = ModelBuilder()
    x = m.input((1, 4, 4, 8))
    packed = pack(m, x, 3)
    m.output(m.unary("RELU", packed))
    assert found(m, m.reshape(packed, (1, 4, 8, 8))) == []

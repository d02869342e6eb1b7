"""Cases of OPS021 stacked-sum."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def stack(m: ModelBuilder, maps: list[int], axis: int) -> int:
    shape = list(m.shape(maps[0]))
    shape.insert(axis, len(maps))
    return m.op(
        "PACK", maps, [m.tensor(shape)], version=2, options="PackOptions", axis=axis, values_count=len(maps)
    )


def total(m: ModelBuilder, x: int, axis: int) -> int:
    shape = list(m.shape(x))
    del shape[axis]
    return m.op("SUM", [x, m.constant([axis])], [m.tensor(shape)], version=2, options="ReducerOptions")


@failing(severity="error")
def fusion_of_a_bifpn(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.conv2d(total(m, stack(m, [x, m.unary("RELU", x)], 4), 4)))


@failing(severity="error")
def with_weights(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    weighted = m.add(stack(m, [x, m.unary("RELU", x)], 4), m.tensor((2,), data=[3, 4]), kind="MUL")
    m.output(m.conv2d(total(m, weighted, 4)))


@passing
def of_rows(m: ModelBuilder) -> None:
    x = m.dense(m.input((1, 16)), 8)
    m.output(total(m, stack(m, [x, m.unary("RELU", x)], 0), 0))


@passing
def sum_over_another_axis(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.dense(total(m, stack(m, [x, m.unary("RELU", x)], 4), 1)))

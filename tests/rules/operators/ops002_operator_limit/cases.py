"""Cases of OPS002 operator-limit."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def sliced(m: ModelBuilder, step: int) -> int:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    out = m.tensor((1, 8 // step, 8, 8))
    return m.op(
        "STRIDED_SLICE",
        [x, m.constant([0, 0, 0, 0]), m.constant([1, 8, 8, 8]), m.constant([1, step, 1, 1])],
        [out],
        version=2,
        options="StridedSliceOptions",
    )


@failing(severity="error")
def every_second_row(m: ModelBuilder) -> None:
    m.output(m.conv2d(sliced(m, 2)))


@passing
def every_row(m: ModelBuilder) -> None:
    m.output(m.conv2d(sliced(m, 1)))


@passing
def reshape_of_what_a_cast_made(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 4, 4, 3)))
    cast = m.op("CAST", [x], [m.tensor((1, 4, 4, 8), "INT32")], options="CastOptions")
    m.output(m.reshape(cast, (1, 128)))

"""Cases of QNT004 unquantized-integer-compute."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="error")
def int8_without_scale(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3), scale=None)
    m.output(m.op("ADD", [x, x], [m.tensor((1, 8, 8, 3), scale=None)], options="AddOptions"))


@failing(severity="error")
def int32_model(m: ModelBuilder) -> None:
    x = m.input((1, 16), "INT32")
    m.output(m.op("MUL", [x, m.constant(3)], [m.tensor((1, 16), "INT32")], options="MulOptions"))


@failing(severity="info")
def int32_at_the_end(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    count = m.unary("CAST", x, dtype="INT32")
    m.output(m.op("MUL", [count, count], [m.tensor(m.shape(x), "INT32")], options="MulOptions"))


@passing
def quantized(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3))
    m.output(m.add(x, x))


@passing
def arithmetic_on_sizes(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    sizes = m.op("SHAPE", [x], [m.tensor((4,), "INT32")], options="ShapeOptions")
    twice = m.op("MUL", [sizes, m.constant([1, 1, 1, 1])], [m.tensor((4,), "INT32")], options="MulOptions")
    m.output(m.op("RESHAPE", [x, twice], [m.tensor((1, 8, 8, 8))]))


@passing
def arithmetic_on_indices_from_the_application(m: ModelBuilder) -> None:
    words = m.input((1, 4), "INT32")
    shifted = m.op("ADD", [words, m.constant(1)], [m.tensor((1, 4), "INT32")], options="AddOptions")
    table = m.tensor((100, 8), data=0)
    m.output(m.op("GATHER", [table, shifted], [m.tensor((1, 4, 8))], options="GatherOptions"))


@passing
def arithmetic_on_what_argmax_found(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    best = m.op("ARG_MAX", [x, m.constant(3)], [m.tensor((1, 8, 8), "INT32")], options="ArgMaxOptions")
    m.output(m.op("ADD", [best, m.constant(1)], [m.tensor((1, 8, 8), "INT32")], options="AddOptions"))


@passing
def a_picture_that_is_cast(m: ModelBuilder) -> None:
    picture = m.input((1, 8, 8, 3), "UINT8", scale=None)
    m.output(m.conv2d(m.quantize(m.unary("CAST", picture, dtype="FLOAT32"))))

"""Cases of OPS023 unpack."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def unpack(m: ModelBuilder, x: int, axis: int) -> list[int]:
    shape = list(m.shape(x))
    count = shape.pop(axis)
    parts = [m.tensor(shape, scale=m.scale_of(x)) for _ in range(count)]
    m.op("UNPACK", [x], parts, version=2, options="UnpackOptions", num=count, axis=axis)
    return parts


@failing(severity="error")
def steps_of_a_sequence(m: ModelBuilder) -> None:
    x = m.unary("RELU", m.input((1, 4, 8)), version=2)
    m.output(*(m.dense(part, 2) for part in unpack(m, x, 1)))


@failing(severity="error")
def rows_without_a_batch(m: ModelBuilder) -> None:
    x = m.unary("RELU", m.input((3, 8)), version=2)
    m.output(*(m.dense(m.reshape(part, (1, 8)), 2) for part in unpack(m, x, 0)))


@failing(severity="error")
def a_batch_of_images(m: ModelBuilder) -> None:
    x = m.unary("RELU", m.input((1, 4, 4, 2)), version=2)
    m.output(*(m.conv2d(m.reshape(part, (1, 4, 4, 1))) for part in unpack(m, x, 3)))


@passing
def a_split(m: ModelBuilder) -> None:
    x = m.unary("RELU", m.input((1, 4, 8)), version=2)
    parts = [m.tensor((1, 1, 8)) for _ in range(4)]
    m.op("SPLIT", [m.constant(1), x], parts, version=2, options="SplitOptions", num_splits=4)
    m.output(*(m.dense(m.reshape(part, (1, 8)), 2) for part in parts))

"""Cases of OPS017 batch-split."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def split(m: ModelBuilder, x: int, axis: int) -> list[int]:
    shape = list(m.shape(x))
    parts = shape[axis]
    shape[axis] = 1
    outputs = [m.tensor(shape) for _ in range(parts)]
    m.op("SPLIT", [m.constant(axis), x], outputs, version=2, options="SplitOptions", num_splits=parts)
    return outputs


@failing(severity="error")
def forest(m: ModelBuilder) -> None:
    x = m.unary("RELU", m.input((4, 3, 8)))
    m.output(*(m.dense(part, 2) for part in split(m, x, 0)))


@passing
def channels(m: ModelBuilder) -> None:
    x = m.unary("RELU", m.input((1, 4, 4, 2)))
    m.output(*(m.conv2d(part) for part in split(m, x, 3)))

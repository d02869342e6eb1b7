"""Cases of OPS016 batch-matmul."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def matmul(m: ModelBuilder, x: int, y: int) -> int:
    shape = (*m.shape(x)[:-1], m.shape(y)[-1])
    return m.op("BATCH_MATMUL", [x, y], [m.tensor(shape)], version=2, options="BatchMatMulOptions")


@failing(severity="error")
def attention_with_heads(m: ModelBuilder) -> None:
    x, y = m.input((1, 2, 16, 8)), m.input((1, 2, 8, 16))
    m.output(matmul(m, m.unary("RELU", x), y))


@failing(severity="error")
def constant_side(m: ModelBuilder) -> None:
    x = m.unary("RELU", m.input((1, 16, 8)))
    m.output(matmul(m, x, m.tensor((8, 4), data=1)))


@passing
def dense(m: ModelBuilder) -> None:
    m.output(m.dense(m.unary("RELU", m.input((1, 16, 8)))))

"""Cases of OPS004 unsupported-activation."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="error")
def hard_swish(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.unary("HARD_SWISH", m.conv2d(m.input((1, 8, 8, 3))))))


@failing(severity="error")
def elu_and_hard_swish(m: ModelBuilder) -> None:
    x = m.conv2d(m.unary("ELU", m.conv2d(m.input((1, 8, 8, 3)))))
    m.output(m.conv2d(m.unary("HARD_SWISH", x)))


@failing(severity="info")
def log_softmax_at_the_end(m: ModelBuilder) -> None:
    m.output(m.unary("LOG_SOFTMAX", m.dense(m.input((1, 16)))))


@passing
def swish_is_logistic_and_mul(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.conv2d(m.add(x, m.unary("LOGISTIC", x), kind="MUL")))

"""Cases of OPS014 recurrent-limit."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def lstm(m: ModelBuilder, kind: str, features: int) -> int:
    x = m.unary("RELU", m.input((1, 5, features)))
    return m.op(kind, [x], [m.tensor((1, 5, 8))])


@failing(severity="error")
def both_directions(m: ModelBuilder) -> None:
    m.output(m.dense(lstm(m, "BIDIRECTIONAL_SEQUENCE_LSTM", 16)))


@failing(severity="warning")
def many_features(m: ModelBuilder) -> None:
    m.output(m.dense(lstm(m, "UNIDIRECTIONAL_SEQUENCE_LSTM", 1280)))


@passing
def forward_and_narrow(m: ModelBuilder) -> None:
    m.output(m.dense(lstm(m, "UNIDIRECTIONAL_SEQUENCE_LSTM", 128)))

"""Cases of OPS022 large-mean."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def mean(m: ModelBuilder, x: int) -> int:
    shape = m.shape(x)
    return m.op(
        "MEAN", [x, m.constant([1, 2])], [m.tensor((1, shape[3]))], version=2, options="ReducerOptions"
    )


@failing(severity="warning")  # little arithmetic stands behind it
def refused_in_issue_461(m: ModelBuilder) -> None:
    m.output(m.dense(mean(m, m.conv2d(m.input((1, 256, 128, 3)))), 4))


@passing
def mapped_in_issue_461(m: ModelBuilder) -> None:
    m.output(m.dense(mean(m, m.conv2d(m.input((1, 64, 128, 3)))), 4))

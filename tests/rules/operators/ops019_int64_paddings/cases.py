"""Cases of OPS019 int64-paddings."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def pad(m: ModelBuilder, dtype: str) -> None:
    x = m.input((1, 8, 8, 3))
    paddings = m.constant([[0, 0], [1, 1], [1, 1], [0, 0]], dtype)
    m.output(m.conv2d(m.op("PAD", [x, paddings], [m.tensor((1, 10, 10, 3))], version=2), padding="VALID"))


@failing(severity="error")
def from_litert_torch(m: ModelBuilder) -> None:
    pad(m, "INT64")


@passing
def from_tensorflow(m: ModelBuilder) -> None:
    pad(m, "INT32")

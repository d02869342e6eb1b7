"""Cases of MEM003 parameter-cache-overflow."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="info")
def eight_mebibytes(m: ModelBuilder) -> None:
    x = m.input((1, 2048))
    for _ in range(2):
        x = m.dense(x, 2048)
    m.output(x)


@passing
def four_mebibytes(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 2048)), 2048))


@passing
def parameters_of_the_cpu_do_not_count(m: ModelBuilder) -> None:
    m.dtype = "FLOAT32"
    x = m.input((1, 2048))
    for _ in range(2):
        x = m.dense(x, 2048)
    m.dtype = "INT8"
    m.output(m.dense(m.quantize(x), 4))

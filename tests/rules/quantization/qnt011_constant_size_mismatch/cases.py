"""Cases of QNT011 constant-size-mismatch."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def stored(m: ModelBuilder, dtype: str, shape: tuple[int, ...], length: int) -> int:
    return m.tensor(shape, dtype, buffer=m.buffer(bytes(length)))


def dense(m: ModelBuilder, weights: int) -> None:
    out = m.tensor((1, 4))
    m.output(m.op("FULLY_CONNECTED", [m.input((1, 16)), weights, None], [out], version=4))


@failing(severity="error")
def too_few_bytes(m: ModelBuilder) -> None:
    dense(m, stored(m, "INT8", (4, 16), 63))


@failing(severity="error")
def too_many_bytes(m: ModelBuilder) -> None:
    dense(m, stored(m, "INT8", (4, 16), 128))


@failing(severity="error")
def the_type_was_changed(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 4))
    m.output(m.op("RESHAPE", [x, stored(m, "INT64", (2,), 8)], [m.tensor((1, 256))]))


@passing
def exact(m: ModelBuilder) -> None:
    dense(m, stored(m, "INT8", (4, 16), 64))


@passing
def packed(m: ModelBuilder) -> None:
    dense(m, stored(m, "INT4", (4, 16), 32))


@passing
def strings(m: ModelBuilder) -> None:
    names = stored(m, "STRING", (2,), 17)
    m.output(m.op("GATHER", [names, m.input((1,), "INT32")], [m.tensor((1,), "STRING")]))


@passing
def no_constant(m: ModelBuilder) -> None:
    x = m.input((1, 16))
    m.output(m.add(x, x))

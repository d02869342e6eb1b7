"""Cases of IOB006 plain-integers."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def quantized_interface(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing
def float_interface(m: ModelBuilder) -> None:
    m.output(m.dequantize(m.conv2d(m.quantize(m.input((1, 8, 8, 3), "FLOAT32")))))


@passing(dtype="FLOAT32")
def numbers_in_a_float_model(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.op("ARG_MAX", [x, m.constant([3])], [m.tensor((1, 8, 8), "INT64")]))


@failing(severity="info")
def class_of_each_pixel(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.op("ARG_MAX", [x, m.constant([3])], [m.tensor((1, 8, 8), "INT64", name="ArgMax")]))


@failing(severity="info")
def class_of_each_pixel_as_uint8(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    found = m.op("ARG_MAX", [x, m.constant([3])], [m.tensor((1, 8, 8), "INT32")])
    m.output(m.unary("CAST", found, dtype="UINT8", scale=None, name="mask"))


@failing(severity="info")
def token_numbers(m: ModelBuilder) -> None:
    table = m.tensor((16, 8), data=0)
    m.output(m.op("GATHER", [table, m.input((4,), "INT32", name="tokens")], [m.tensor((4, 8))]))

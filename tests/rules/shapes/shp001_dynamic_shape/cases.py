"""Cases of SHP001 dynamic-shape."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

OPEN_BATCH = (-1, 8, 8, 3)


def computed_shape(m: ModelBuilder, x: int) -> int:
    """The four sizes of ``x``, its batch computed as converters do."""
    sizes = m.op("SHAPE", [x], [m.tensor((4,), "INT32")], options="ShapeOptions", out_type=2)
    bounds = [m.constant([0]), m.constant([1]), m.constant([1])]
    batch = m.op("STRIDED_SLICE", [sizes, *bounds], [m.tensor((), "INT32")], options="StridedSliceOptions")
    parts = [batch, m.constant(8), m.constant(8), m.constant(3)]
    return m.op("PACK", parts, [m.tensor((4,), "INT32")], options="PackOptions", values_count=4)


@failing(severity="error")
def reshape_from_shape(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3), signature=OPEN_BATCH)
    m.output(
        m.conv2d(m.op("RESHAPE", [x, computed_shape(m, x)], [m.tensor((1, 8, 8, 3), signature=OPEN_BATCH)]))
    )


@failing(severity="error")
def computed_shape_of_a_fixed_input(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3))
    m.output(m.op("RESHAPE", [x, computed_shape(m, x)], [m.tensor((1, 8, 8, 3))]))


@failing(severity="error")
def transposed_convolution(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3), signature=OPEN_BATCH)
    weights = m.tensor((3, 1, 1, 3), data=0)
    out = m.tensor((1, 8, 8, 3), signature=OPEN_BATCH)
    m.output(
        m.op("TRANSPOSE_CONV", [computed_shape(m, x), weights, x], [out], options="TransposeConvOptions")
    )


@failing(severity="error")
def size_from_the_application(m: ModelBuilder) -> None:
    size = m.input((2,), "INT32")
    m.output(m.op("RESIZE_BILINEAR", [m.input((1, 8, 8, 3)), size], [m.tensor((1, 1, 1, 3))]))


@failing(severity="error")
def where_finds_as_many_as_there_are(m: ModelBuilder) -> None:
    mask = m.input((1, 8), "BOOL")
    m.output(m.op("WHERE", [mask], [m.tensor((1, 2), "INT64")]))


@failing(severity="info")
def open_batch(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3), signature=OPEN_BATCH)))


@failing(severity="warning")
def open_height_and_width(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 1, 1, 3), signature=(1, -1, -1, 3))))


@passing
def everything_fixed(m: ModelBuilder) -> None:
    m.output(m.reshape(m.conv2d(m.input((1, 8, 8, 3), signature=(1, 8, 8, 3))), (1, 512)))


@passing
def sizes_that_only_the_application_reads(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(x, m.op("SHAPE", [x], [m.tensor((4,), "INT32")], options="ShapeOptions", out_type=2))


@passing
def an_empty_shape_operand(m: ModelBuilder) -> None:
    x = m.input((1, 1), "INT32")
    m.output(m.op("RESHAPE", [x, m.tensor((0,), "INT32")], [m.tensor((), "INT32")]))

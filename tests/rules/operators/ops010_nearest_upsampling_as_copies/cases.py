"""Cases of OPS010 nearest-upsampling-as-copies."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def pack(m: ModelBuilder, x: int, axis: int) -> int:
    shape = list(m.shape(x))
    shape.insert(axis, 2)
    return m.op(
        "PACK", [x, x], [m.tensor(shape)], version=2, options="PackOptions", axis=axis, values_count=2
    )


@failing(severity="error")
def object_detection_api(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.conv2d(m.reshape(pack(m, pack(m, x, 3), 2), (1, 16, 16, 8))))


@failing(severity="error")
def object_detection_api_of_2022(m: ModelBuilder) -> None:
    x = m.reshape(pack(m, m.conv2d(m.input((1, 8, 8, 3))), 3), (1, 8, 16, 8))
    m.output(m.conv2d(m.reshape(pack(m, x, 2), (1, 16, 16, 8))))


@failing(severity="error")
def repeat(m: ModelBuilder) -> None:
    x = m.reshape(m.conv2d(m.input((1, 8, 8, 3))), (1, 8, 8, 1, 8))
    tiled = m.op("TILE", [x, m.constant([1, 1, 1, 2, 1])], [m.tensor((1, 8, 8, 2, 8))])
    m.output(m.conv2d(m.reshape(tiled, (1, 8, 16, 8))))


@passing
def resize(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    up = m.op("RESIZE_NEAREST_NEIGHBOR", [x, m.constant([16, 16])], [m.tensor((1, 16, 16, 8))], version=2,
              options="ResizeNearestNeighborOptions")  # fmt: skip
    m.output(m.conv2d(up))


@passing
def stack_of_different_maps(m: ModelBuilder) -> None:
    x = m.dense(m.input((1, 16)), 8)
    out = m.tensor((1, 2, 8))
    m.op("PACK", [x, m.unary("RELU", x)], [out], version=2, options="PackOptions", axis=1, values_count=2)
    m.output(m.reshape(out, (1, 16)))

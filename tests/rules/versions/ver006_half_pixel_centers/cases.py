"""Cases of VER006 half-pixel-centers."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def resize(m: ModelBuilder, kind: str, size: int, *, half_pixel_centers: bool) -> None:
    x = m.input((1, 8, 8, 4))
    options = "ResizeBilinearOptions" if kind == "RESIZE_BILINEAR" else "ResizeNearestNeighborOptions"
    out = m.tensor((1, size, size, 4))
    m.output(
        m.op(kind, [x, m.constant([size, size])], [out], version=3 if half_pixel_centers else 2, options=options,
             half_pixel_centers=half_pixel_centers)
    )  # fmt: skip


@passing
def compiler_16_maps_it(m: ModelBuilder) -> None:
    resize(m, "RESIZE_BILINEAR", 16, half_pixel_centers=True)


@passing(compiler="15.0")
def flag_not_set(m: ModelBuilder) -> None:
    resize(m, "RESIZE_NEAREST_NEIGHBOR", 16, half_pixel_centers=False)


@failing(severity="warning", compiler="15.0")
def bilinear_for_15(m: ModelBuilder) -> None:
    resize(m, "RESIZE_BILINEAR", 20, half_pixel_centers=True)


@failing(severity="warning", compiler="14.1")
def nearest_for_14(m: ModelBuilder) -> None:
    resize(m, "RESIZE_NEAREST_NEIGHBOR", 16, half_pixel_centers=True)

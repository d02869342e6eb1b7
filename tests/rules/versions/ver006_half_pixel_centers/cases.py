"""Cases of VER006 half-pixel-centers."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def resize(m: ModelBuilder, kind: str, size: int, version: int = 3, **flags: bool) -> int:
    x = m.conv2d(m.input((1, 8, 8, 4)), 4)
    options = "ResizeBilinearOptions" if kind == "RESIZE_BILINEAR" else "ResizeNearestNeighborOptions"
    out = m.tensor((1, size, size, 4))
    return m.op(kind, [x, m.constant([size, size])], [out], version=version, options=options, **flags)


@passing
def compiler_16_maps_it(m: ModelBuilder) -> None:
    m.output(m.conv2d(resize(m, "RESIZE_BILINEAR", 16, half_pixel_centers=True)))


@passing(compiler="15.0")
def flag_not_set(m: ModelBuilder) -> None:
    m.output(m.conv2d(resize(m, "RESIZE_NEAREST_NEIGHBOR", 16, version=2)))


@passing(compiler="15.0")
def bilinear_may_align_corners(m: ModelBuilder) -> None:
    m.output(m.conv2d(resize(m, "RESIZE_BILINEAR", 16, version=2, align_corners=True)))


@passing(compiler="2.1")
def a_file_that_is_not_parsed_is_another_matter(m: ModelBuilder) -> None:
    m.output(m.conv2d(resize(m, "RESIZE_NEAREST_NEIGHBOR", 16, half_pixel_centers=True)))


@failing(severity="error", compiler="15.0")
def bilinear_for_15(m: ModelBuilder) -> None:
    m.output(m.conv2d(resize(m, "RESIZE_BILINEAR", 20, half_pixel_centers=True)))


@failing(severity="error", compiler="14.1")
def nearest_for_14(m: ModelBuilder) -> None:
    m.output(m.conv2d(resize(m, "RESIZE_NEAREST_NEIGHBOR", 16, half_pixel_centers=True)))


@failing(severity="error", compiler="14.1")
def nearest_with_aligned_corners(m: ModelBuilder) -> None:
    m.output(m.conv2d(resize(m, "RESIZE_NEAREST_NEIGHBOR", 16, align_corners=True)))


@failing(severity="info", compiler="15.0")
def nothing_behind_it(m: ModelBuilder) -> None:
    m.output(resize(m, "RESIZE_NEAREST_NEIGHBOR", 16, half_pixel_centers=True))

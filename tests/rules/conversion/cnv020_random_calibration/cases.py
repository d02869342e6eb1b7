"""Cases of CNV020 random-calibration."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

RECIPE = "TFLINT_EDGETPU_RECIPE"


def network(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing
def no_recipe(m: ModelBuilder) -> None:
    network(m)
    m.metadata("min_runtime_version", b"1.14.0\0\0\0\0\0\0\0\0\0\0")


@passing
def calibrated_with_images(m: ModelBuilder) -> None:
    network(m)
    m.metadata(RECIPE, b'{"calibration":{"kind":"images","samples":200}}')


@passing
def a_recipe_that_is_no_json(m: ModelBuilder) -> None:
    network(m)
    m.metadata(RECIPE, b"\xff{[[[")


@passing
def a_recipe_of_another_kind(m: ModelBuilder) -> None:
    network(m)
    m.metadata(RECIPE, b'["random", {"kind": "random"}]')


@passing
def a_recipe_beyond_all_sizes(m: ModelBuilder) -> None:
    network(m)
    m.metadata(RECIPE, b'{"calibration":{"kind":"random"}}' + b" " * 70_000)


@failing(severity="warning")
def calibrated_with_noise(m: ModelBuilder) -> None:
    network(m)
    m.metadata(RECIPE, b'{"calibration":{"kind":"random","samples":100}}')


@failing(severity="warning")
def nobody_knows_how_much_noise(m: ModelBuilder) -> None:
    network(m)
    m.metadata(RECIPE, b'{"calibration":{"kind":"random","samples":{"a":1}}}\0\0')

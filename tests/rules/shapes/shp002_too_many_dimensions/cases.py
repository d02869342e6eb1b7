"""Cases of SHP002 too-many-dimensions."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="error")
def batch_of_two(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.conv2d(m.input((2, 8, 8, 3)))))


@failing(severity="error")
def five_dimensions_inside(m: ModelBuilder) -> None:
    x = m.reshape(m.conv2d(m.input((1, 8, 8, 3)), filters=6), (1, 8, 8, 2, 3))
    m.output(m.conv2d(m.reshape(x, (1, 8, 8, 6))))


@failing(severity="info")
def five_dimensions_at_the_end(m: ModelBuilder) -> None:
    m.output(m.reshape(m.conv2d(m.input((1, 8, 8, 3)), filters=6), (1, 8, 8, 2, 3)))


@passing
def batch_of_one(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing
def rows_are_no_batch(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((256, 16))))


@passing
def five_dimensions_of_which_three_are_larger_than_1(m: ModelBuilder) -> None:
    m.output(m.reshape(m.conv2d(m.input((1, 8, 8, 3)), filters=6), (1, 1, 8, 8, 6)))


@passing
def weights_have_four_dimensions(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3)), filters=16, size=3))


@passing
def a_dilated_convolution_has_its_own_rule(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3))
    block, pads = m.constant([2, 2]), m.constant([[2, 2], [2, 2]])
    spread = m.op("SPACE_TO_BATCH_ND", [x, block, pads], [m.tensor((4, 6, 6, 3))])
    inner = m.conv2d(spread, padding="VALID")
    m.output(
        m.op("BATCH_TO_SPACE_ND", [inner, block, m.constant([[0, 0], [0, 0]])], [m.tensor((1, 8, 8, 8))])
    )


@passing(dtype="FLOAT32")
def a_float_model_has_to_be_quantized_first(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((2, 8, 8, 3))))

"""Cases of SHP003 dilation-as-space-to-batch."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

NO_CROPS = [[0, 0], [0, 0]]


def spread(m: ModelBuilder, x: int, block: int = 2) -> tuple[int, int]:
    batch, height, width, channels = m.shape(x)
    blocks, pads = m.constant([block, block]), m.constant([[block, block], [block, block]])
    shape = (batch * block**2, height // block + 2, width // block + 2, channels)
    return m.op("SPACE_TO_BATCH_ND", [x, blocks, pads], [m.tensor(shape)]), blocks


def gathered(m: ModelBuilder, x: int, blocks: int, channels: int) -> int:
    return m.op("BATCH_TO_SPACE_ND", [x, blocks, m.constant(NO_CROPS)], [m.tensor((1, 8, 8, channels))])


@failing(severity="error")
def convolution(m: ModelBuilder) -> None:
    x, blocks = spread(m, m.input((1, 8, 8, 3)))
    m.output(m.conv2d(gathered(m, m.conv2d(x, padding="VALID"), blocks, 8)))


@failing(severity="error")
def depthwise_with_the_activation_between(m: ModelBuilder) -> None:
    x, blocks = spread(m, m.conv2d(m.input((1, 8, 8, 3))))
    inner = m.unary("RELU6", m.depthwise_conv2d(x, padding="VALID"))
    m.output(m.conv2d(gathered(m, inner, blocks, 8)))


@passing
def dilated_convolution(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3)), dilation=2))


@passing
def space_to_batch_alone(m: ModelBuilder) -> None:
    x, _ = spread(m, m.input((1, 8, 8, 3)))
    m.output(x)


@passing
def no_convolution_between(m: ModelBuilder) -> None:
    x, blocks = spread(m, m.input((1, 8, 8, 3)))
    m.output(gathered(m, m.pool("MAX_POOL_2D", x, size=3, stride=1), blocks, 3))


@passing
def the_pieces_are_read_elsewhere_too(m: ModelBuilder) -> None:
    x, blocks = spread(m, m.input((1, 8, 8, 3)))
    m.output(gathered(m, m.conv2d(x, padding="VALID"), blocks, 8), x)


@failing(severity="error")
def the_file_says_1_for_the_batch_it_left_open(m: ModelBuilder) -> None:
    x = m.input((1, 8, 8, 3), signature=(-1, 8, 8, 3))
    blocks, pads = m.constant([2, 2]), m.constant([[2, 2], [2, 2]])
    pieces = m.tensor((1, 6, 6, 3), signature=(-1, 6, 6, 3))
    inner = m.conv2d(m.op("SPACE_TO_BATCH_ND", [x, blocks, pads], [pieces]), padding="VALID")
    m.output(gathered(m, inner, blocks, 8))

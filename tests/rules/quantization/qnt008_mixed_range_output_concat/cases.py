"""Cases of QNT008 mixed-range-output-concat."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def head(m: ModelBuilder, scale: float) -> int:
    """Boxes and scores of 64 anchors, joined under ``scale``."""
    x = m.reshape(m.conv2d(m.input((1, 8, 8, 3)), filters=16), (1, 16, 64))
    scores = m.unary("LOGISTIC", x, scale=1 / 256)
    return m.concat([m.unary("RELU", x, scale=scale), m.quantize(scores, scale=scale)], axis=1, scale=scale)


@failing(severity="warning")
def boxes_in_pixels(m: ModelBuilder) -> None:
    m.output(head(m, 640 / 255))


@failing(severity="warning")
def scores_of_0_or_1(m: ModelBuilder) -> None:
    m.output(head(m, 0.9))


@failing(severity="warning")
def coarse_scores(m: ModelBuilder) -> None:
    m.output(m.dequantize(head(m, 0.05)))


@failing(severity="warning")
def joined_before_the_boxes_are_picked(m: ModelBuilder) -> None:
    out = m.tensor((1, 32, 8), scale=0.31)
    slices = [m.constant([0, 0, 0]), m.constant([1, 32, 8])]
    m.output(m.op("SLICE", [head(m, 0.31), *slices], [out], version=2))


@failing(severity="warning")
def product_of_scores(m: ModelBuilder) -> None:
    x = m.reshape(m.conv2d(m.input((1, 8, 8, 3)), filters=16), (1, 16, 64))
    sure, kind = m.unary("LOGISTIC", x, scale=1 / 256), m.unary("SOFTMAX", x, scale=1 / 256)
    scores = m.quantize(m.add(sure, kind, kind="MUL"), scale=1.5)
    m.output(m.concat([m.unary("RELU", x, scale=1.5), scores], axis=1, scale=1.5))


@passing
def normalized_boxes(m: ModelBuilder) -> None:
    m.output(head(m, 1.2 / 255))


@passing
def scores_alone(m: ModelBuilder) -> None:
    x = m.reshape(m.conv2d(m.input((1, 8, 8, 3)), filters=16), (1, 16, 64))
    m.output(m.concat([m.unary("LOGISTIC", x, scale=0.1), m.unary("LOGISTIC", x, scale=0.1)], scale=0.1))


@passing
def boxes_alone(m: ModelBuilder) -> None:
    x = m.reshape(m.conv2d(m.input((1, 8, 8, 3)), filters=16), (1, 16, 64))
    m.output(m.concat([m.unary("RELU", x, scale=2.5), m.unary("RELU", x, scale=2.5)], scale=2.5))


@passing
def a_concat_inside_the_network(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.conv2d(m.concat([x, m.quantize(m.unary("LOGISTIC", x, scale=1 / 256))])))


@passing
def a_gate_that_multiplies(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    gated = m.add(x, m.unary("LOGISTIC", x, scale=1 / 256), kind="MUL")
    m.output(m.concat([gated, x]))


@passing
def separate_outputs(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    m.output(m.unary("RELU", x, scale=2.5), m.unary("LOGISTIC", x, scale=1 / 256))

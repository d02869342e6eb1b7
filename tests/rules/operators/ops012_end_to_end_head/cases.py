"""Cases of OPS012 end-to-end-head."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def head(m: ModelBuilder, boxes: int, scores: int, add_version: int) -> int:
    floats = m.dequantize(scores)
    best, where = m.tensor((1, 5), "FLOAT32"), m.tensor((1, 5), "INT32")
    m.op("TOPK_V2", [floats, m.constant(5)], [best, where], version=2)
    wide = m.op("CAST", [where], [m.tensor((1, 5), "INT64")], options="CastOptions")
    shifted = m.op("ADD", [wide, m.constant(1, "INT64")], [m.tensor((1, 5), "INT64")], version=add_version,
                   options="AddOptions")  # fmt: skip
    return m.op("GATHER", [boxes, shifted], [m.tensor((5, 4))], options="GatherOptions", axis=1)


@failing(severity="error")
def its_add_spoils_the_others(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)), filters=4)
    x = m.conv2d(m.add(x, x, version=4), filters=4)
    m.output(head(m, m.reshape(x, (1, 64, 4)), m.reshape(m.conv2d(x, filters=1), (1, 64)), 4))


@failing
def behind_the_network(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)), filters=4)
    m.output(head(m, m.reshape(x, (1, 64, 4)), m.reshape(m.conv2d(x, filters=1), (1, 64)), 1))


@passing
def top_classes_only(m: ModelBuilder) -> None:
    scores = m.dequantize(m.dense(m.input((1, 16))))
    best, where = m.tensor((1, 5), "FLOAT32"), m.tensor((1, 5), "INT32")
    m.op("TOPK_V2", [scores, m.constant(5)], [best, where], version=2)
    m.output(best, where)


@passing
def no_choice(m: ModelBuilder) -> None:
    m.output(m.reshape(m.conv2d(m.input((1, 8, 8, 3)), filters=4), (1, 64, 4)))

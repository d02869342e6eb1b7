"""Cases of OPS020 constant-gather."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="error")
def a_slice(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    out = m.op(
        "GATHER", [x, m.constant([2, 3, 4])], [m.tensor((1, 8, 8, 3))], options="GatherOptions", axis=3
    )
    m.output(m.conv2d(out))


@failing(severity="error")
def an_identity(m: ModelBuilder) -> None:
    x = m.reshape(m.conv2d(m.input((1, 8, 8, 3))), (64, 8))
    indices = m.constant([[row] for row in range(64)])
    out = m.op("GATHER_ND", [x, indices], [m.tensor((64, 8))], version=3)
    m.output(m.conv2d(m.reshape(out, (1, 8, 8, 8))))


@passing
def a_shuffle_has_no_slice(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    out = m.op(
        "GATHER", [x, m.constant([4, 2, 7])], [m.tensor((1, 8, 8, 3))], options="GatherOptions", axis=3
    )
    m.output(m.conv2d(out))


@passing
def computed_indices(m: ModelBuilder) -> None:
    x = m.conv2d(m.input((1, 8, 8, 3)))
    where = m.input((3,), "INT32")
    out = m.op("GATHER", [x, where], [m.tensor((1, 8, 8, 3))], options="GatherOptions", axis=3)
    m.output(m.conv2d(out))

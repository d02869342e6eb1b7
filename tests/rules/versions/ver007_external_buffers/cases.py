"""Cases of VER007 external-buffers."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def constants_inside(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4))))


@failing(severity="error")
def filters_outside(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4)), filters=16))
    largest = max((b for b in m.model_t.buffers if b.data is not None), key=lambda b: len(b.data))
    # Any bytes of the file will do: nobody looks at them here.
    largest.data, largest.offset, largest.size = None, 64, 576


@failing(severity="error")
def filters_in_another_file(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 4)), filters=16))
    weights = m.subgraph.tensors[m.subgraph.operators[0].inputs[1]]
    weights.buffer, weights.externalBuffer = 0, 1

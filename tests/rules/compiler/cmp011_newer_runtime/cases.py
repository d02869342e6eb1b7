"""Cases of CMP011 newer-runtime."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.packages import edgetpu_part


def compiled(m: ModelBuilder, min_runtime: int) -> None:
    x, y = m.input((1, 8, 8, 3), name="image"), m.tensor((1, 8, 8, 8), name="features")
    edgetpu_part(m, [x], [y], min_runtime=min_runtime)
    m.output(y)


def twin(m: ModelBuilder) -> None:
    compiled(m, 14)


@failing(severity="error", compiler="15.0")
def runtime_14_on_a_device_with_13(m: ModelBuilder) -> None:
    compiled(m, 14)


@failing(severity="error", compiler="15.0", compiled=twin)
def the_twin_of_a_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3), name="image"), name="features"))


@passing
def runtime_14_on_a_device_with_14(m: ModelBuilder) -> None:
    compiled(m, 14)


@passing(compiler="15.0")
def runtime_13_on_a_device_with_13(m: ModelBuilder) -> None:
    compiled(m, 13)

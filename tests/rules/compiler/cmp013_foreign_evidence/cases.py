"""Cases of CMP013 foreign-evidence."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.packages import edgetpu_part


def twin(m: ModelBuilder) -> None:
    x, y = m.input((1, 8, 8, 3), name="image"), m.tensor((1, 8, 8, 8), name="features")
    edgetpu_part(m, [x], [y])
    m.output(y)


@failing(severity="warning", compiled=twin)
def another_input_size(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 16, 16, 3), name="image"), name="features"))


@failing(severity="warning", compiled=twin)
def another_output(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3), name="image"), name="scores"))


@failing(
    severity="warning",
    log="Total number of operations: 64\nNumber of operations that will run on Edge TPU: 64\n",
)
def another_number_of_operators(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(severity="warning", log="CONV_2D  2  Mapped to Edge TPU\n")
def another_operator_table(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing(compiled=twin)
def the_twin(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3), name="image"), name="features"))


@passing(log="CONV_2D  1  Mapped to Edge TPU\n")
def its_log(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))

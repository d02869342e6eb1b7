"""Cases of CMP016 damaged-package."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.packages import edgetpu_part, package


def compiled(m: ModelBuilder, payload: bytes | None = None) -> None:
    x, y = m.input((1, 8, 8, 3)), m.tensor((1, 8, 8, 8))
    edgetpu_part(m, [x], [y], payload=payload)
    m.output(y)


@failing(severity="error")
def payload_is_something_else(m: ModelBuilder) -> None:
    compiled(m, b"corrupt stub")


@failing(severity="error")
def cut_off(m: ModelBuilder) -> None:
    compiled(m, package()[:200])


@failing(severity="error")
def no_options_at_all(m: ModelBuilder) -> None:
    y = m.tensor((1, 8))
    m.output(m.op("CUSTOM", [m.input((1, 8))], [y], custom_code="edgetpu-custom-op"))


@passing
def whole(m: ModelBuilder) -> None:
    compiled(m)


@passing
def another_custom_operator(m: ModelBuilder) -> None:
    y = m.tensor((1, 8))
    m.output(m.op("CUSTOM", [m.input((1, 8))], [y], custom_code="TFLite_Detection_PostProcess"))

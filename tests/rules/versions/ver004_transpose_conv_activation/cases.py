"""Cases of VER004 transpose-conv-activation."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


def transpose_conv(m: ModelBuilder, activation: str, version: int) -> None:
    x = m.input((1, 8, 8, 4))
    weights = m.tensor((6, 3, 3, 4), data=0, scale=[0.5] * 6)
    m.output(
        m.op("TRANSPOSE_CONV", [m.constant([1, 16, 16, 6]), weights, x, m.bias(6)], [m.tensor((1, 16, 16, 6))],
             version=version, options="TransposeConvOptions", padding="SAME", stride_w=2, stride_h=2,
             fused_activation_function=activation)
    )  # fmt: skip


@passing
def without_activation(m: ModelBuilder) -> None:
    transpose_conv(m, "NONE", 3)


@failing(severity="error")
def with_relu(m: ModelBuilder) -> None:
    transpose_conv(m, "RELU", 4)


@failing(severity="error")
def beside_one_without(m: ModelBuilder) -> None:
    transpose_conv(m, "RELU6", 4)
    transpose_conv(m, "NONE", 4)

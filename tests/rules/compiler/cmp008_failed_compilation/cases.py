"""Cases of CMP008 failed-compilation."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

START = "Edge TPU Compiler version 16.0.384591198\nStarted a compilation timeout timer of 180 seconds.\n"
END = "Compilation child process completed within timeout period.\nCompilation failed! \n"
OP_VERSION = """\
Edge TPU Compiler version 16.0.384591198
ERROR: Didn't find op for builtin opcode 'TRANSPOSE_CONV' version '4'
ERROR: Registration failed.

Invalid model: {name}
Model could not be parsed
"""
LARGE = (
    f"{START}ERROR: Restored original execution plan after delegate application failure.\n"
    f"Compilation failed: Compilation failed due to large activation tensors in model.\n{END}"
)


@failing(
    severity="error", log="Edge TPU Compiler version 14.1.317412892\n\nInternal compiler error. Aborting! \n"
)
def internal_error(m: ModelBuilder) -> None:
    """The log alone."""


@failing(severity="error", log=OP_VERSION.format(name="m.tflite"))
def version_too_new(m: ModelBuilder) -> None:
    """The log alone."""


@failing(log="ERROR: Op builtin_code out of range: 150. Are you using old TFLite binary with newer model?\n")
def gelu(m: ModelBuilder) -> None:
    """The log alone."""


@failing(log="Invalid model: m.tflite\nModel not quantized\n")
def not_quantized(m: ModelBuilder) -> None:
    """The log alone."""


@failing(log=START + END)
def no_reason_given(m: ModelBuilder) -> None:
    """The log alone."""


@failing(log=LARGE)
def large_activations_with_suspects(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 64, 64, 3)), filters=32))


@failing(
    log=f"{START}ERROR: :344 no_integer_overflow_from_quantization was not true.\n"
    f"ERROR: Node number 1 (CONV_2D) failed to prepare.\n{END}"
)
def names_the_operator_by_its_number(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.unary("RELU", m.input((1, 8, 8, 4)))))


@failing(log=f"{START}An error of another kind\n")
def stops_without_a_word(m: ModelBuilder) -> None:
    """The log alone."""


@passing(log=OP_VERSION.format(name="m.tflite"))
def explained_by_the_model(m: ModelBuilder) -> None:
    x, y = m.input((1, 8, 8, 4)), m.tensor((1, 16, 16, 4))
    filters = m.tensor((4, 2, 2, 4), data=1)
    m.output(
        m.op(
            "TRANSPOSE_CONV", [m.constant([1, 16, 16, 4]), filters, x], [y], version=4, options="TransposeConvOptions",
            stride_w=2, stride_h=2, fused_activation_function="RELU",
        )
    )  # fmt: skip


@passing(
    log=LARGE.replace("Edge TPU Compiler", "$ edgetpu_compiler other.tflite\nEdge TPU Compiler"),
    path="m.tflite",
)
def about_another_model(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 64, 64, 3))))


@passing(
    log="Model compiled successfully in 9 ms.\n\nInput model: m.tflite\nSee the operation log file for details.\n"
)
def success(m: ModelBuilder) -> None:
    """The log alone."""

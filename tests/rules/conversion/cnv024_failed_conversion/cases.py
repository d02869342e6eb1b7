"""Cases of CNV024 failed-conversion."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing

VARIABLE = (
    "RuntimeError: tensorflow/lite/kernels/read_variable.cc:67 variable != nullptr was not true.Node number 10 "
    "(READ_VARIABLE) failed to invoke."
)
LIST = "error: 'tf.TensorListReserve' op requires element_shape to be static during TF Lite transformation pass\n"


@passing(converter=VARIABLE)
def a_model_was_written_all_the_same(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@passing(converter="Quantization not yet supported for op: 'NEG'.")
def an_operator_has_a_rule_of_its_own(m: ModelBuilder) -> None:
    pass


@failing(severity="error", converter=VARIABLE)
def a_keras_model_as_trackable(m: ModelBuilder) -> None:
    pass


@failing(severity="error", converter=LIST + LIST)
def a_recurrent_layer_with_an_open_batch(m: ModelBuilder) -> None:
    pass

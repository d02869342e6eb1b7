"""Cases of CNV003 select-tf-ops."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="warning",
    script="""import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [
    tf.lite.OpsSet.TFLITE_BUILTINS_INT8,
    tf.lite.OpsSet.SELECT_TF_OPS,  # to be sure
]
data = converter.convert()
""",
)
def beside_integers(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    script="""import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]

ops = []
ops += [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
ops.append(tf.lite.OpsSet.SELECT_TF_OPS)
converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = ops
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def built_in_steps(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    script="""import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]


def prepare(c):
    c.target_spec.supported_ops = [tf.lite.OpsSet.SELECT_TF_OPS, tf.lite.OpsSet.TFLITE_BUILTINS_INT8]

converter = tf.compat.v1.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
prepare(converter)
data = converter.convert()
""",
)
def in_a_function_that_takes_the_converter(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def integers_alone(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import tensorflow as tf
converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
data = converter.convert()
""",
)
def a_float_model(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    script="""
import tensorflow as tf

def save(path, mode):
    converter = tf.lite.TFLiteConverter.from_saved_model(path)
    if mode == "int8":
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
        converter.representative_dataset = images
    return converter.convert()
""",
)
def set_again_in_a_branch(m: ModelBuilder) -> None:
    """The second one holds."""


@passing(
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
small = converter.convert()
if int8:
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.representative_dataset = images
    integers = converter.convert()
if int16:
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_ops = [
        tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8,
        tf.lite.OpsSet.SELECT_TF_OPS,
    ]
    converter.representative_dataset = images
    wide = converter.convert()
""",
)
def another_model_in_each_branch(m: ModelBuilder) -> None:
    """As onnx2tf does: the last one has 16-bit activations."""

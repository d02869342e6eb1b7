"""Cases of CNV006 custom-operators-allowed."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="info",
    script="""import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("ssd_mobilenet/saved_model")
converter.allow_custom_ops = True  # for the postprocess
data = converter.convert()
""",
)
def for_a_detector(m: ModelBuilder) -> None:
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
def not_set(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import tensorflow as tf

converter = tf.compat.v1.lite.TFLiteConverter.from_frozen_graph("g.pb", ["in"], ["TFLite_Detection_PostProcess"])
converter.allow_custom_ops = True
data = converter.convert()
""",
)
def a_frozen_graph_of_tensorflow_1(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("speech")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.allow_custom_ops = True
data = converter.convert()
""",
)
def a_float_model_for_a_phone(m: ModelBuilder) -> None:
    """The application brings the operator."""


@passing(
    script="""
import tensorflow as tf

def save(path, mode):
    converter = tf.lite.TFLiteConverter.from_saved_model(path)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if mode == "float16":
        converter.target_spec.supported_types = [tf.float16]
        converter.allow_custom_ops = True
    elif mode == "int8":
        converter.representative_dataset = images
    return converter.convert()
""",
)
def for_the_float_model_of_another_branch(m: ModelBuilder) -> None:
    """The integer model does not get it."""

"""Cases of CNV007 old-converter."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="warning",
    script="""import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.experimental_new_converter = False
data = converter.convert()
""",
)
def switched_off(m: ModelBuilder) -> None:
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
converter.experimental_new_converter = True
data = converter.convert()
""",
)
def switched_on(m: ModelBuilder) -> None:
    """A script, no model."""

"""Cases of CNV018 unparsable-code."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.notebooks import notebook


@failing(
    severity="info",
    script="""import tensorflow as tf
print "converting"
data = tf.lite.TFLiteConverter.from_saved_model("model").convert()
""",
)
def python_2(m: ModelBuilder) -> None:
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
def python_3(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    path="x.ipynb",
    script=notebook(
        "this is no Python", "data = tf.lite.TFLiteConverter.from_saved_model('model').convert()"
    ),
)
def a_cell_about_something_else(m: ModelBuilder) -> None:
    """A script, no model."""

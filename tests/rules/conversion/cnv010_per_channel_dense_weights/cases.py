"""Cases of CNV010 per-channel-dense-weights."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.notebooks import notebook


@failing(
    severity="warning",
    path="x.ipynb",
    script=notebook(
        "!pip install tensorflow==2.18.0",
        "import tensorflow as tf",
        """
model = tf.keras.Sequential([tf.keras.layers.Dense(10)])
converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
    ),
)
def a_version_that_does_it(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="info",
    script="""import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]

model = tf.keras.Sequential([tf.keras.layers.Dense(10)])
converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def no_version_told(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    path="x.ipynb",
    script=notebook(
        "import tensorflow as tf\nprint(tf.__version__)",
        """
converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
        outputs={1: "2.10.1"},
    ),
)
def an_older_version(m: ModelBuilder) -> None:
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
if hasattr(converter, "_experimental_disable_per_channel_quantization_for_dense_layers"):
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
data = converter.convert()
""",
)
def switched_off(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def neither_version_nor_dense_layer(m: ModelBuilder) -> None:
    """Every correct script would be told."""


@passing(
    path="x.ipynb",
    script=notebook(
        "%tensorflow_version 1.x\nimport tensorflow as tf",
        """
model = tf.keras.Sequential([tf.keras.layers.Dense(10)])
converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
    ),
)
def the_last_tensorflow_1(m: ModelBuilder) -> None:
    """A notebook of Colab."""

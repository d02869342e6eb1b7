"""Cases of CNV011 integer-detections."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="warning",
    script="""import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("ssd_mobilenet_v2/saved_model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def an_ssd(m: ModelBuilder) -> None:
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
def a_classifier(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""# object_detection
import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.float32
data = converter.convert()
""",
)
def float_outputs(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("lite/saved_model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
open("detect.tflite", "wb").write(converter.convert())
""",
)
def known_by_its_file(m: ModelBuilder) -> None:
    """The name that the Object Detection API's guide gives it."""

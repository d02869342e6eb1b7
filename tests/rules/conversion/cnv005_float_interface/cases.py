"""Cases of CNV005 float-interface."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="warning",
    script="""import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
data = converter.convert()
""",
)
def nothing_set(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="info",
    script="""import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
data = converter.convert()
""",
)
def output_of_a_classifier(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="info",
    script="""import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.float32
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def float_on_purpose(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_output_type = tf.uint8
with open("m.tflite", "wb") as file:
    file.write(converter.convert())
""",
)
def inside_a_with_statement(m: ModelBuilder) -> None:
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
def both_set(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""# the SSD of the object_detection API
import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
data = converter.convert()
""",
)
def a_detector_with_float_outputs(m: ModelBuilder) -> None:
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
converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def another_one_is_complete(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""
from tensorflow import lite as tfl

converter = tfl.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tfl.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
)
def without_a_name_for_tensorflow(m: ModelBuilder) -> None:
    """No edit: the line to add would need one."""


@passing(
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.inference_input_typ = tf.uint8
data = converter.convert()
""",
)
def misspelled(m: ModelBuilder) -> None:
    """CNV019 speaks of it."""


@passing(
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("head")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.float32
data = converter.convert()
""",
)
def float_outputs_on_purpose(m: ModelBuilder) -> None:
    """What is written out is a choice."""


@passing(
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations.append(tf.lite.Optimize.DEFAULT)
converter.representative_dataset = images
converter.inference_input_type, converter.inference_output_type = tf.uint8, tf.uint8
data = converter.convert()
""",
)
def both_types_at_once(m: ModelBuilder) -> None:
    """One assignment to two settings."""


@failing(
    severity="info",
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.inference_input_type = tf.lite.constants.FLOAT
data = converter.convert()
""",
)
def float_by_its_old_name(m: ModelBuilder) -> None:
    """tf.float32 as TensorFlow 1 calls it."""


@failing(
    severity="warning",
    script="""
import tensorflow as tf

class Pipeline:
    def run(self):
        converter = self._make()
        converter = self._quantize(converter)
        return converter.convert()

    def _make(self):
        return tf.lite.TFLiteConverter.from_keras_model(self.model)

    def _quantize(self, converter):
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = self.images
        return converter
""",
)
def methods_in_any_order(m: ModelBuilder) -> None:
    """Only the types are missing."""

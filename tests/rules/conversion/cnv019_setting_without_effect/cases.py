"""Cases of CNV019 setting-without-effect."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="warning",
    script="""import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
data = converter.convert()
""",
)
def without_target_spec(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    script="""import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representive_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def misspelled(m: ModelBuilder) -> None:
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
converter.unfold_batchmatmul = True
converter._experimental_x = 1
data = converter.convert()
""",
)
def names_that_are_read(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import tensorflow as tf

converter = tf.compat.v1.lite.TFLiteConverter.from_frozen_graph("g.pb", ["a"], ["b"])
converter.inference_type = tf.uint8
converter.quantized_input_stats = {"a": (127, 127)}
data = converter.convert()
""",
)
def tensorflow_1(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
data = converter.convert()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
""",
)
def set_too_late(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
plain = converter.convert()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
)
def run_twice(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
for level in levels:
    models.append(converter.convert())
    converter.optimizations = [level]
if fast:
    data = converter.convert()
else:
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
""",
)
def in_a_loop_and_in_a_branch(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.inference_type = tf.compat.v1.lite.constants.QUANTIZED_UINT8
data = converter.convert()
""",
)
def the_type_of_tensorflow_1(m: ModelBuilder) -> None:
    """An input type alone would not help."""

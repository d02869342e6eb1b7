"""Cases of CNV001 no-representative-dataset."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="error",
    script="""import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
data = converter.convert()
# then: edgetpu_compiler model.tflite
""",
)
def dynamic_range_for_the_edge_tpu(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="error",
    script="""from tensorflow import lite

c = lite.TFLiteConverter.from_saved_model("model")
c.optimizations = [lite.Optimize.DEFAULT]
c.target_spec.supported_ops = [lite.OpsSet.TFLITE_BUILTINS_INT8]
data = c.convert()
""",
)
def integers_without_data(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""from tensorflow.lite import Optimize, TFLiteConverter as Converter

converter = Converter.from_keras_model(model)
converter.optimizations = [Optimize.DEFAULT]
data = converter.convert()
""",
)
def dynamic_range(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="info",
    script="""import tensorflow as tf

data = tf.lite.TFLiteConverter.from_keras_model(model).convert()
""",
)
def plain_float(m: ModelBuilder) -> None:
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
def calibrated(m: ModelBuilder) -> None:
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
plain = converter.convert()  # for the CPU, not for the edgetpu
""",
)
def a_float_model_besides(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import tensorflow_model_optimization as tfmot
import tensorflow as tf

quantized = tfmot.quantization.keras.quantize_model(model)
converter = tf.lite.TFLiteConverter.from_keras_model(quantized)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
data = converter.convert()  # for the edgetpu
""",
)
def trained_quantized(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import tensorflow as tf

def convert(model, data, edgetpu):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if edgetpu:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = data
    return converter.convert()
""",
)
def set_in_a_branch(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import tensorflow as tf
from project.quantization import set_up

converter = tf.lite.TFLiteConverter.from_saved_model("model")
set_up(converter, images)
data = converter.convert()  # for the edgetpu
""",
)
def set_up_elsewhere(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
for name, value in settings.items():
    setattr(converter, name, value)
data = converter.convert()  # for the edgetpu
""",
)
def set_from_a_table(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""
import tensorflow as tf

def quantize_model(path):
    converter = tf.lite.TFLiteConverter.from_saved_model(path)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    return converter.convert()
""",
)
def a_function_of_that_name(m: ModelBuilder) -> None:
    """It is no quantization-aware training: that is a library's function."""


@passing(
    script="""
import tensorflow as tf
from tensorflow_model_optimization.quantization.keras import quantize_model

model = quantize_model(tf.keras.models.load_model("m.h5"))
converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
data = converter.convert()
""",
)
def training_with_the_library(m: ModelBuilder) -> None:
    """It needs no calibration."""


@passing(
    script="""
import tensorflow as tf

def convert(graph, inputs, outputs):
    converter = tf.lite.TFLiteConverter(graph, inputs, outputs)
    converter.inference_type = tf.lite.constants.QUANTIZED_UINT8
    converter.quantized_input_stats = {inputs[0]: (128, 128)}
    return converter.convert()
""",
)
def a_trained_graph_of_the_first_converter(m: ModelBuilder) -> None:
    """It needs no calibration."""


@failing(
    severity="warning",
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_frozen_graph("m.pb", ["input"], ["output"])
converter.post_training_quantize = True
data = converter.convert()
""",
)
def weights_only_as_in_tensorflow_1(m: ModelBuilder) -> None:
    """The first name of dynamic range."""


@failing(
    severity="error",
    script="""
import tensorflow as tf

def export(model, int8):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.target_spec.supported_types = [tf.float16]
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if int8:
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.target_spec.supported_types = []
    return converter.convert()
""",
)
def integers_in_a_branch(m: ModelBuilder) -> None:
    """Refused in that branch."""


@failing(
    severity="info",
    script="""
import unittest
import tensorflow as tf

class Refusal(unittest.TestCase):
    def test_it(self):
        converter = tf.lite.TFLiteConverter.from_saved_model("model")
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        with self.assertRaises(ValueError):
            converter.convert()
""",
)
def in_a_test(m: ModelBuilder) -> None:
    """On purpose: only noted."""


@passing(
    script="""
from other.transform import TFLiteConverter

converter = TFLiteConverter("model", "model.mlir")
converter.convert()
""",
)
def a_class_of_another_library(m: ModelBuilder) -> None:
    """It has that name only."""


@passing(
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
    """It is made and set up behind the place where it runs."""

"""Cases of CNV012 ambiguous-generator."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.notebooks import notebook


@failing(
    severity="warning",
    path="x.ipynb",
    script=notebook(
        """
import numpy as np
import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]
""",
        """
converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
        """
# do not run
def images():
    for _ in range(100):
        yield [np.random.rand(1, 320, 320, 3).astype(np.float32)]
""",
    ),
)
def in_a_notebook(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="info",
    script="""import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]


def images():
    for path in other_paths:
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
def in_a_script(m: ModelBuilder) -> None:
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
def one_function(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import tensorflow as tf

class One:
    def images(self):
        yield [load(1)]

    def convert(self):
        converter = tf.lite.TFLiteConverter.from_saved_model("model")
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = self.images
        return converter.convert()


class Two:
    def images(self):
        yield [load(2)]
""",
)
def methods_of_two_classes(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import tensorflow as tf

if arguments.calibration:
    def images():
        for path in paths:
            yield [load(path)]
else:
    def images():
        yield [tf.random.normal((1, 8, 8, 3))]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
)
def a_choice(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    path="x.ipynb",
    script=notebook(
        """
import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]
""",
        """
def images():
    for path in paths:
        # one input
        yield [load(path)[None]]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
    ),
)
def the_same_word_for_word(m: ModelBuilder) -> None:
    """A tutorial that repeats itself."""

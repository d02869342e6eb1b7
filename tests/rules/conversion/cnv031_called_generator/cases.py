"""Cases of CNV031 called-generator."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="error",
    script="""
import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)]

converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images()
data = converter.convert()
""",
)
def with_parentheses(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)]

converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
)
def the_function(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import tensorflow as tf

def images(paths):
    def generate():
        for path in paths:
            yield [load(path)]
    return generate

converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images(paths)
data = converter.convert()
""",
)
def a_factory(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import tensorflow as tf

def images(paths):
    for path in paths:
        yield [load(path)]

converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: images(paths)
data = converter.convert()
""",
)
def a_lambda(m: ModelBuilder) -> None:
    """A script, no model."""

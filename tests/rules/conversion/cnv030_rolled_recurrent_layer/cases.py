"""Cases of CNV030 rolled-recurrent-layer."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="info",
    script="""
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.LSTM(32, input_shape=(28, 28))])
converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
)
def an_lstm(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""
# pip install tensorflow==2.16.1
import tensorflow as tf
from tensorflow.keras.layers import GRU

model = tf.keras.Sequential([GRU(32)])
converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
)
def a_version_that_crashes(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.LSTM(32, unroll=True)])
converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
)
def unrolled(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
# pip install tensorflow==2.5.0
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.LSTM(32)])
converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
)
def an_old_version(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.LSTM(32)])
data = tf.lite.TFLiteConverter.from_keras_model(model).convert()
""",
)
def a_float_model(m: ModelBuilder) -> None:
    """A script, no model."""

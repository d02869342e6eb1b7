"""Cases of CNV008 unlike-normalization."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="warning",
    script="""import cv2
import tensorflow as tf

train = train.map(lambda image, label: (tf.cast(image, tf.float32) / 127.5 - 1, label))

def images():
    for path in paths:
        image = cv2.imread(path) / 255.0
        yield [image[None].astype("float32")]

converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
)
def training_and_calibration(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    script="""import tensorflow as tf
from tensorflow.keras.applications.mobilenet_v2 import preprocess_input

def prepare(image):
    image = tf.image.convert_image_dtype(image, tf.float32)
    return image

def images():
    for path in paths:
        yield [prepare(load(path))]

def predict(image):
    return model(preprocess_input(image))

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def in_a_function_that_is_called(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import tensorflow as tf

def train_step(image):
    image = tf.cast(image, tf.float32)
    image -= 127.5
    image /= 127.5
    return model(image)

def images():
    for path in paths:
        yield [load(path)[None] / 127.5 - 1.0]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def the_same_in_other_words(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import matplotlib.pyplot as plt
import tensorflow as tf

def show(image, mask):
    mask = mask / 255.0
    plt.imshow(image / 255.0)

def images():
    for path in paths:
        yield [load(path)[None] / 127.5 - 1.0]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def a_mask_and_a_picture_shown(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""
import numpy as np
import tensorflow as tf

def images():
    for path in paths:
        image = tf.io.decode_jpeg(tf.io.read_file(path))
        yield [tf.expand_dims(tf.cast(image / 255.0, tf.float32), 0)]

def detect(interpreter, picture):
    input_mean = 127.5
    input_std = 127.5
    data = (np.float32(picture) - input_mean) / input_std
    interpreter.set_tensor(0, data)

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
)
def numbers_with_names(m: ModelBuilder) -> None:
    """The mean and the deviation have names."""

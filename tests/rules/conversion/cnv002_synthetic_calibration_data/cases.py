"""Cases of CNV002 synthetic-calibration-data."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="warning",
    script="""import numpy as np
import tensorflow as tf

def data():
    for _ in range(100):
        noise = np.random.rand(1, 224, 224, 3)
        yield [noise.astype(np.float32)]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = data
model = converter.convert()
""",
)
def random_numbers(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    script="""import numpy as np
import tensorflow as tf
converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([np.ones((1, 8, 8, 3), "float32")] for _ in range(9))
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def constants_through_a_lambda(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    script="""import numpy as np
import tensorflow as tf

noise = np.random.uniform(size=(100, 8, 8, 3)).astype("float32")
batches = tf.data.Dataset.from_tensor_slices(noise).batch(1).take(100)

def images():
    for batch in batches:
        yield [batch]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def from_slices(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    script="""import numpy as np
import tensorflow as tf

rng = np.random.default_rng(1)

def make(count):
    def images():
        for _ in range(count):
            yield {"image": rng.normal(size=(1, 8, 8, 3))}
    return images

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = make(100)
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def a_generator_of_numpy(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import random
import numpy as np
import tensorflow as tf

def images():
    for path in random.sample(paths, 100):
        image = load(path)
        yield [image + np.random.normal(size=image.shape)]
    for _ in range(10):
        yield [x_train[np.random.randint(0, 100)]]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def a_random_choice_of_real_data(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import numpy as np
import tensorflow as tf

def images():
    for path in paths:
        batch = np.zeros((1, 8, 8, 3), np.float32)
        batch[0] = load(path)
        yield [batch]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def a_buffer_that_is_filled(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import numpy as np
import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]


def images():
    yield [np.random.rand(1, 8, 8, 3)]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
""",
)
def two_of_one_name(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import numpy as np
import tensorflow as tf

def boards():
    for _ in range(128):
        board = np.zeros((1, 8, 8, 2), dtype=np.float32)
        row = np.random.randint(0, 8, 4)
        column = np.random.randint(0, 8, 4)
        board[0, row, column, 0] = 1
        yield [board]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = boards
data = converter.convert()
""",
)
def pieces_on_a_board(m: ModelBuilder) -> None:
    """Only the places are random: such a board is an input of the model."""


@failing(
    script="""
import numpy as np
import tensorflow as tf

def images():
    image = np.zeros((1, 8, 8, 3), dtype=np.float32)
    image[0, :, :, :] = 0.5
    yield [image]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
""",
)
def a_buffer_of_one_value(m: ModelBuilder) -> None:
    """Grey is no picture."""


@failing(
    script="""
import numpy as np
import tensorflow as tf

generator = np.random.default_rng(1)

def samples():
    for _ in range(100):
        yield {name: generator.uniform(size=shape).astype(np.float32) for name, shape in inputs.items()}

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = samples
data = converter.convert()
""",
)
def a_dict_of_random_arrays(m: ModelBuilder) -> None:
    """By the names of the signature."""

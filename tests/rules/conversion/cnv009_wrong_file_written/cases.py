"""Cases of CNV009 wrong-file-written."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="error",
    script="""import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_keras_model(model)
tflite_model = converter.convert()

converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
tflite_quant_model = converter.convert()

with open("model_int8.tflite", "wb") as file:
    file.write(tflite_model)
""",
)
def the_float_model_in_the_integer_file(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="error",
    script="""import pathlib
import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
quantized = converter.convert()
pathlib.Path("model.tflite").write_bytes(quantized)
plain = tf.lite.TFLiteConverter.from_saved_model("model").convert()
pathlib.Path("model.tflite").write_bytes(plain)
""",
)
def overwritten(m: ModelBuilder) -> None:
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
open("model_int8.tflite", "wb").write(data)
plain = tf.lite.TFLiteConverter.from_saved_model("model").convert()
open("model.tflite", "wb").write(plain)
""",
)
def each_its_file(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import tensorflow as tf

def images():
    for path in paths:
        yield [load(path)[None]]

converter = tf.lite.TFLiteConverter.from_saved_model("model")
data = converter.convert()
open("model.tflite", "wb").write(data)
converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
data = converter.convert()
open("model_int8.tflite", "wb").write(data)
""",
)
def one_name_used_twice(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="error",
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
plain = converter.convert()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
quantized = converter.convert()
with open("model_edgetpu.tflite", "wb") as file:
    file.write(plain)
""",
)
def one_converter_run_twice(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
data = converter.convert()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
quantized = converter.convert()
with open("model.tflite", "wb") as file:
    file.write(data)
""",
)
def the_integer_result_is_never_used(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""
import pathlib
import tensorflow as tf

folder = pathlib.Path("out")
converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.target_spec.supported_types = [tf.float16]
half = converter.convert()
half_file = folder / "model_quant_f16.tflite"
half_file.write_bytes(half)

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
quantized = converter.convert()
""",
)
def a_float_file_by_its_name(m: ModelBuilder) -> None:
    """Only shown; the file is what its name says."""


@failing(
    severity="error",
    script="""
import pathlib
import tensorflow as tf

folder = pathlib.Path("out")
converter = tf.lite.TFLiteConverter.from_saved_model("model")
small = converter.convert()
converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
quantized = converter.convert()
file = folder / "model_int8.tflite"
file.write_bytes(small)
print(len(quantized))
""",
)
def a_file_in_a_folder(m: ModelBuilder) -> None:
    """The float bytes in the file for integers."""


@passing(
    script="""
import tensorflow as tf

path = "model.tflite"
try:
    converter = tf.lite.TFLiteConverter.from_saved_model("model")
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = images
    data = converter.convert()
    with open(path, "wb") as file:
        file.write(data)
except RuntimeError:
    converter = tf.lite.TFLiteConverter.from_saved_model("model")
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    data = converter.convert()
    with open(path, "wb") as file:
        file.write(data)
""",
)
def a_way_out_after_a_failure(m: ModelBuilder) -> None:
    """Only one of the two is written."""


@failing(
    severity="error",
    script="""
import tensorflow as tf

path = "model.tflite"
converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
data = converter.convert()
open(path, "wb").write(data)
if small:
    converter = tf.lite.TFLiteConverter.from_saved_model("model")
    data = converter.convert()
    open(path, "wb").write(data)
""",
)
def written_over_in_a_branch(m: ModelBuilder) -> None:
    """The first one is always written."""


@passing(
    script="""
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
integers = converter.convert()
open("model_integer_quant.tflite", "wb").write(integers)
converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
wide = converter.convert()
open("model_integer_quant_with_int16_act.tflite", "wb").write(wide)
""",
)
def sixteen_bits_by_its_name(m: ModelBuilder) -> None:
    """The file is what its name says."""

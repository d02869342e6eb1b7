"""Conversion scripts as the guides of TensorFlow, Coral, Ultralytics and onnx2tf write them: no error, no warning."""

from __future__ import annotations

import pytest

from tflint_edgetpu.lint.context import Context
from tflint_edgetpu.lint.finding import Severity
from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.lint.run import run_rules
from tflint_edgetpu.script.script import read_script
from tflint_edgetpu.testing.notebooks import notebook

PLUGINS = Plugins()

FOUR_MODELS_OF_ONE_NET = """
import pathlib
import numpy as np
import tensorflow as tf

(train_images, train_labels), (test_images, test_labels) = tf.keras.datasets.mnist.load_data()
train_images = train_images.astype(np.float32) / 255.0
test_images = test_images.astype(np.float32) / 255.0
model = tf.keras.Sequential([tf.keras.layers.InputLayer(input_shape=(28, 28)), tf.keras.layers.Dense(10)])
converter = tf.lite.TFLiteConverter.from_keras_model(model)
tflite_model = converter.convert()

converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
tflite_model_quant = converter.convert()

def representative_data_gen():
    for input_value in tf.data.Dataset.from_tensor_slices(train_images).batch(1).take(100):
        yield [input_value]

converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = representative_data_gen
tflite_model_quant = converter.convert()

converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = representative_data_gen
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
tflite_model_quant = converter.convert()

tflite_models_dir = pathlib.Path("/tmp/mnist_tflite_models/")
tflite_model_file = tflite_models_dir / "mnist_model.tflite"
tflite_model_file.write_bytes(tflite_model)
tflite_model_quant_file = tflite_models_dir / "mnist_model_quant.tflite"
tflite_model_quant_file.write_bytes(tflite_model_quant)
"""

CLASSIFIER_FOR_CORAL = notebook(
    """
import tensorflow as tf
train_datagen = tf.keras.preprocessing.image.ImageDataGenerator(rescale=1./255, validation_split=0.2)
train_generator = train_datagen.flow_from_directory(base_dir, target_size=(224, 224), subset="training")
""",
    """
def representative_data_gen():
  dataset_list = tf.data.Dataset.list_files(flowers_dir + '/*/*')
  for i in range(100):
    image = next(iter(dataset_list))
    image = tf.io.read_file(image)
    image = tf.io.decode_jpeg(image, channels=3)
    image = tf.image.resize(image, [224, 224])
    image = tf.cast(image / 255., tf.float32)
    image = tf.expand_dims(image, 0)
    yield [image]

converter = tf.lite.TFLiteConverter.from_keras_model(model)
# This enables quantization
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.target_spec.supported_types = [tf.int8]
converter.representative_dataset = representative_data_gen
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = tf.uint8
converter.inference_output_type = tf.uint8
tflite_model = converter.convert()

with open('mobilenet_v2_1.0_224_quant.tflite', 'wb') as f:
  f.write(tflite_model)
""",
    "! edgetpu_compiler mobilenet_v2_1.0_224_quant.tflite",
)

DETECTOR_OF_TENSORFLOW_1 = notebook(
    "!tflite_convert \\\n  --output_file=model.tflite --graph_def_file=tflite_graph.pb \\\n"
    "  --inference_type=QUANTIZED_UINT8 --mean_values=128 --std_dev_values=128 --allow_custom_ops \\\n"
    "  --input_arrays=normalized_input_image_tensor --output_arrays=TFLite_Detection_PostProcess",
    "!edgetpu_compiler -s model.tflite",
)

DETECTOR_OF_TENSORFLOW_2 = """
# Object Detection API, running_on_mobile_tf2.md; then: edgetpu_compiler model.tflite
import tensorflow as tf

def representative_dataset():
    for data in dataset.take(100):
        yield [preprocess(data)]

converter = tf.lite.TFLiteConverter.from_saved_model("exported/saved_model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8, tf.lite.OpsSet.TFLITE_BUILTINS]
converter.representative_dataset = representative_dataset
converter.inference_input_type = tf.uint8
model = converter.convert()
# SSD with TFLite_Detection_PostProcess
"""

TRAINED_QUANTIZED = """
import tensorflow as tf
import tensorflow_model_optimization as tfmot

q_aware_model = tfmot.quantization.keras.quantize_model(model)
q_aware_model.fit(train_images, train_labels)
converter = tf.lite.TFLiteConverter.from_keras_model(q_aware_model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
quantized_tflite_model = converter.convert()   # for Coral
"""

YOLO_ON_AN_EDGE_TPU = """
from ultralytics import YOLO

model = YOLO("yolo11n.pt")
model.export(format="edgetpu", imgsz=320, data="my_dataset.yaml")
model.export(format="onnx")
"""

ONNX2TF_WITH_DATA = notebook(
    "!pip install onnx2tf",
    "!onnx2tf -i model.onnx -b 1 -oiqt -cind images calibration.npy '[[[[0,0,0]]]]' '[[[[1,1,1]]]]'",
    "!edgetpu_compiler saved_model/model_full_integer_quant.tflite",
)

EXPORTER_WITH_BRANCHES = """
import argparse
import numpy as np
import tensorflow as tf

def representative_dataset_gen(dataset, ncalib=100):
    for n, (path, img, im0s, vid_cap, string) in enumerate(dataset):
        im = np.transpose(img, [1, 2, 0])
        im = np.expand_dims(im, axis=0).astype(np.float32)
        im /= 255
        yield [im]
        if n >= ncalib:
            break

def export_tflite(keras_model, im, file, int8, nms, agnostic_nms, data):
    f = str(file).replace(".pt", "-fp16.tflite")
    converter = tf.lite.TFLiteConverter.from_keras_model(keras_model)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    converter.target_spec.supported_types = [tf.float16]
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if int8:
        dataset = LoadImages(check_dataset(data)["train"], auto=False)
        converter.representative_dataset = lambda: representative_dataset_gen(dataset, ncalib=100)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.target_spec.supported_types = []
        converter.inference_input_type = tf.uint8  # or tf.int8
        converter.inference_output_type = tf.uint8  # or tf.int8
        converter.experimental_new_quantizer = True
        f = str(file).replace(".pt", "-int8.tflite")
    if nms or agnostic_nms:
        converter.target_spec.supported_ops.append(tf.lite.OpsSet.SELECT_TF_OPS)
    tflite_model = converter.convert()
    open(f, "wb").write(tflite_model)

def export_edgetpu(file):
    subprocess.run(["edgetpu_compiler", "-s", str(file)], check=True)
"""

FROZEN_GRAPH = """
import tensorflow.compat.v1 as tf

converter = tf.lite.TFLiteConverter.from_frozen_graph("graph.pb", ["input"], ["output"], {"input": [1, 224, 224, 3]})
converter.inference_type = tf.uint8
converter.quantized_input_stats = {"input": (127.5, 127.5)}
converter.allow_custom_ops = True
open("edgetpu_input.tflite", "wb").write(converter.convert())
"""

EXPORTER_CLASS = """
import numpy as np
from tensorflow import lite, uint8

class Exporter:
    def __init__(self, path, images):
        self.images = images
        self.converter = lite.TFLiteConverter.from_saved_model(path)
        self.converter.optimizations = [lite.Optimize.DEFAULT]

    def calibration(self):
        order = np.random.permutation(len(self.images))
        for index in order[:200]:
            yield {"image": self.images[index][None].astype(np.float32)}

    def run(self, target):
        self.converter.representative_dataset = self.calibration
        self.converter.target_spec.supported_ops = [lite.OpsSet.TFLITE_BUILTINS_INT8]
        self.converter.inference_input_type = uint8
        self.converter.inference_output_type = uint8
        flag = "_experimental_disable_per_channel_quantization_for_dense_layers"
        if hasattr(self.converter, flag):
            setattr(self.converter, flag, True)
        target.write_bytes(self.converter.convert())   # edgetpu
"""

SETTINGS_FROM_FUNCTIONS = """
import tensorflow as tf

INT8_OPS = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]

def quantize(converter, dataset, kind=tf.uint8):
    converter.optimizations = {tf.lite.Optimize.DEFAULT}
    converter.representative_dataset = tf.lite.RepresentativeDataset(dataset)
    converter.target_spec = tf.lite.TargetSpec(supported_ops=INT8_OPS)
    converter.inference_input_type = converter.inference_output_type = kind
    return converter

def main():
    images = tf.data.Dataset.list_files("calibration/*.jpg").map(load).batch(1).take(100)
    concrete = tf.function(model).get_concrete_function(tf.TensorSpec([1, 224, 224, 3]))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    converter = quantize(converter, lambda: ([image] for image in images))
    with tf.io.gfile.GFile("model_edgetpu_input.tflite", "wb") as file:
        file.write(converter.convert())

if __name__ == "__main__":
    main()
"""

FLOAT_FOR_A_PHONE = """
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.target_spec.supported_types = [tf.float16]
open("phone.tflite", "wb").write(converter.convert())
plain = tf.lite.TFLiteConverter.from_saved_model("model").convert()
"""

GOOD = {
    "four_models.py": FOUR_MODELS_OF_ONE_NET,
    "classifier.ipynb": CLASSIFIER_FOR_CORAL,
    "detector_tf1.ipynb": DETECTOR_OF_TENSORFLOW_1,
    "detector_tf2.py": DETECTOR_OF_TENSORFLOW_2,
    "trained_quantized.py": TRAINED_QUANTIZED,
    "yolo.py": YOLO_ON_AN_EDGE_TPU,
    "onnx2tf.ipynb": ONNX2TF_WITH_DATA,
    "exporter_with_branches.py": EXPORTER_WITH_BRANCHES,
    "frozen_graph.py": FROZEN_GRAPH,
    "exporter_class.py": EXPORTER_CLASS,
    "settings_from_functions.py": SETTINGS_FROM_FUNCTIONS,
    "phone.py": FLOAT_FOR_A_PHONE,
}


@pytest.mark.parametrize("name", GOOD)
def test_nothing_to_mend(name: str) -> None:
    script = read_script(GOOD[name].encode(), name)
    assert all(cell.error is None for cell in script.cells)
    assert script.conversions or script.exports, "the case shows nothing"
    findings, failures = run_rules(Context(None, script=script), PLUGINS.listed.values())
    assert not failures
    grave = [f"{f.code} {f.locations[0].ref}: {f.message}" for f in findings if f.severity > Severity.INFO]
    assert not grave

"""Small source models, built with TensorFlow where it is installed. One sub-folder a model, built when asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ATTRIBUTES = {
    "max_detections": "i: 10", "max_classes_per_detection": "i: 1", "use_regular_nms": "b: false",
    "nms_score_threshold": "f: 0.0", "nms_iou_threshold": "f: 0.6", "y_scale": "f: 10.0", "x_scale": "f: 10.0",
    "h_scale": "f: 5.0", "w_scale": "f: 5.0", "num_classes": "i: 3",
}  # fmt: skip


@pytest.fixture(scope="session")
def tensorflow() -> Any:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    return pytest.importorskip("tensorflow", reason="needs TensorFlow: pip install 'tflint-edgetpu[convert]'")


@pytest.fixture(scope="session")
def source(tensorflow: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """``source("attention")``: the path of that model."""
    built: dict[str, str] = {}
    folder = tmp_path_factory.mktemp("sources")

    def get(name: str) -> str:
        if name not in built:
            built[name] = BUILDERS[name](tensorflow, folder)
        return built[name]

    return get


def _keras(tf: Any, folder: Path, name: str, build: Callable[[Any, Any], Any], kind: str = "keras") -> str:
    import keras

    keras.utils.set_random_seed(1)
    path = folder / f"{name}.{kind}"
    build(keras, keras.layers).save(path)
    return str(path)


def plain(tf: Any, folder: Path) -> str:
    def build(keras: Any, layers: Any) -> Any:
        x = image = keras.Input((16, 16, 3), name="image")
        x = layers.GlobalAveragePooling2D()(layers.Conv2D(8, 3, activation="relu")(x))
        return keras.Model(image, layers.Dense(5)(x))

    return _keras(tf, folder, "plain", build)


def plain_h5(tf: Any, folder: Path) -> str:
    def build(keras: Any, layers: Any) -> Any:
        image = keras.Input((8, 8, 3), name="image")
        return keras.Model(image, layers.Conv2D(4, 3)(image))

    return _keras(tf, folder, "plain_h5", build, "h5")


def plain_saved_model(tf: Any, folder: Path) -> str:
    import keras

    path = folder / "plain_saved_model"
    keras.models.load_model(plain(tf, folder)).export(str(path), verbose=False)
    return str(path)


def keras_2(tf: Any, folder: Path) -> str:
    tf_keras = pytest.importorskip("tf_keras", reason="needs tf-keras: pip install --no-deps tf-keras")
    image = tf_keras.Input((8, 8, 3), name="image")
    path = folder / "keras_2.h5"
    tf_keras.Model(image, tf_keras.layers.Conv2D(4, 3)(image)).save(path)
    return str(path)


def lambda_layer(tf: Any, folder: Path, kind: str = "keras") -> str:
    def build(keras: Any, layers: Any) -> Any:
        x = keras.Input((8,), name="x")
        return keras.Model(x, layers.Lambda(lambda value: value * 2.0)(layers.Dense(4)(x)))

    return _keras(tf, folder, "lambda_layer", build, kind)


def lambda_layer_h5(tf: Any, folder: Path) -> str:
    return lambda_layer(tf, folder, "h5")


def lstm(tf: Any, folder: Path) -> str:
    def build(keras: Any, layers: Any) -> Any:
        x = keras.Input((6, 4), name="x")
        return keras.Model(x, layers.Dense(3)(layers.LSTM(4, name="memory")(x)))

    return _keras(tf, folder, "lstm", build)


def lstm_saved_model(tf: Any, folder: Path) -> str:
    import keras

    path = folder / "lstm_saved_model"
    keras.models.load_model(lstm(tf, folder)).export(str(path), verbose=False)
    return str(path)


def odd_names(tf: Any, folder: Path) -> str:
    def build(keras: Any, layers: Any) -> Any:
        image = keras.Input((8, 8, 3), name="my input image")
        return keras.Model(image, layers.Conv2D(4, 3)(image))

    return _keras(tf, folder, "odd_names", build)


def layernorm(tf: Any, folder: Path) -> str:
    def build(keras: Any, layers: Any) -> Any:
        x = image = keras.Input((8, 8, 3), name="image")
        x = layers.LayerNormalization()(layers.Conv2D(4, 3, padding="same")(x))
        return keras.Model(image, layers.Conv2D(4, 3)(x))

    return _keras(tf, folder, "layernorm", build)


def attention(tf: Any, folder: Path) -> str:
    def build(keras: Any, layers: Any) -> Any:
        x = keras.Input((10, 16), name="x")
        return keras.Model(x, layers.Dense(4)(layers.MultiHeadAttention(2, 8)(x, x)))

    return _keras(tf, folder, "attention", build)


def open_sizes(tf: Any, folder: Path) -> str:
    def build(keras: Any, layers: Any) -> Any:
        image = keras.Input((None, None, 3), name="image")
        return keras.Model(image, layers.Conv2D(4, 3, padding="same")(image))

    return _keras(tf, folder, "open_sizes", build)


def dilated(tf: Any, folder: Path) -> str:
    def build(keras: Any, layers: Any) -> Any:
        image = keras.Input((16, 16, 3), name="image")
        x = layers.Conv2D(4, 3, dilation_rate=2, activation="relu", padding="same")(image)
        return keras.Model(
            image, layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu")(x)
        )

    return _keras(tf, folder, "dilated", build)


def grouped(tf: Any, folder: Path) -> str:
    def build(keras: Any, layers: Any) -> Any:
        image = keras.Input((8, 8, 8), name="image")
        return keras.Model(image, layers.Conv2D(8, 3, groups=2)(image))

    return _keras(tf, folder, "grouped", build)


def two_inputs(tf: Any, folder: Path) -> str:
    """A product of matrices whose shapes tell a wrong order, with two outputs."""

    class Product(tf.Module):  # type: ignore[misc]
        @tf.function(
            input_signature=[
                tf.TensorSpec([None, 8, 16], tf.float32, name="zleft"),
                tf.TensorSpec([None, 16, 8], tf.float32, name="aright"),
            ]
        )  # type: ignore[untyped-decorator]
        def __call__(self, left: Any, right: Any) -> Any:
            product = tf.matmul(left, right)
            return {"z_product": product, "a_negative": tf.nn.relu(-1.0 * product)}

    return _saved(tf, folder / "two_inputs", Product())


def flex(tf: Any, folder: Path) -> str:
    class Inverse(tf.Module):  # type: ignore[misc]
        @tf.function(input_signature=[tf.TensorSpec([1, 4, 4], tf.float32, name="x")])  # type: ignore[untyped-decorator]
        def __call__(self, x: Any) -> Any:
            return {"y": tf.linalg.inv(x + tf.eye(4) * 5.0)}

    return _saved(tf, folder / "flex", Inverse())


def reads_files(tf: Any, folder: Path) -> str:
    class Reader(tf.Module):  # type: ignore[misc]
        @tf.function(input_signature=[tf.TensorSpec([1, 4], tf.float32, name="x")])  # type: ignore[untyped-decorator]
        def __call__(self, x: Any) -> Any:
            return {"y": x + tf.cast(tf.strings.length(tf.io.read_file("/etc/hostname")), tf.float32)}

    return _saved(tf, folder / "reads_files", Reader())


def two_signatures(tf: Any, folder: Path) -> str:
    class Both(tf.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.weights = tf.Variable(tf.random.stateless_normal([3, 3, 3, 4], [1, 2]))

        @tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 3], tf.float32, name="image")])  # type: ignore[untyped-decorator]
        def small(self, image: Any) -> Any:
            return {"features": tf.nn.conv2d(image, self.weights, 1, "SAME")}

        @tf.function(input_signature=[tf.TensorSpec([None, 16, 16, 3], tf.float32, name="image")])  # type: ignore[untyped-decorator]
        def large(self, image: Any) -> Any:
            return {"features": tf.nn.conv2d(image, self.weights, 1, "SAME")}

    both = Both()
    path = str(folder / "two_signatures")
    tf.saved_model.save(both, path, signatures={"small": both.small, "large": both.large})
    return path


def other_signature(tf: Any, folder: Path) -> str:
    """One signature, under another name than the default."""

    class Doubled(tf.Module):  # type: ignore[misc]
        @tf.function(input_signature=[tf.TensorSpec([None, 8], tf.float32, name="x")])  # type: ignore[untyped-decorator]
        def __call__(self, x: Any) -> Any:
            return {"y": tf.nn.relu(2.0 * x)}

    doubled = Doubled()
    path = str(folder / "other_signature")
    tf.saved_model.save(doubled, path, signatures={"predict": doubled.__call__})
    return path


def words(tf: Any, folder: Path) -> str:
    """Inputs that are integers: numbers of words."""

    def build(keras: Any, layers: Any) -> Any:
        ids = keras.Input((6,), dtype="int32", name="ids")
        return keras.Model(ids, layers.Dense(3)(layers.Flatten()(layers.Embedding(20, 4)(ids))))

    return _keras(tf, folder, "words", build)


def detector(tf: Any, folder: Path) -> str:
    """A convolution, 192 anchors, 3 classes and a background, and TFLite_Detection_PostProcess."""
    import numpy as np

    body = "".join(f' attr {{ key: "{name}" value {{ {value} }} }}' for name, value in ATTRIBUTES.items())
    implements = f'name: "TFLite_Detection_PostProcess"{body}'

    class Detector(tf.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            draw = np.random.default_rng(0)
            for name, channels in (("first", (3, 8)), ("boxes", (8, 12)), ("scores", (8, 12))):
                setattr(self, name, tf.Variable(draw.normal(0, 0.2, (3, 3, *channels)).astype(np.float32)))
            grid = (
                np.stack(np.meshgrid(np.arange(8), np.arange(8), indexing="ij"), -1).reshape(-1, 2) / 8
                + 1 / 16
            )
            anchors = np.concatenate([np.repeat(grid, 3, 0), np.full((192, 2), 0.3)], 1)
            self.anchors = tf.constant(anchors.astype(np.float32))

        @tf.function(input_signature=[tf.TensorSpec([1, 16, 16, 3], tf.float32, name="image")])  # type: ignore[untyped-decorator]
        def __call__(self, image: Any) -> Any:
            x = tf.nn.relu6(tf.nn.conv2d(image, self.first, 2, "SAME"))
            boxes = tf.reshape(tf.nn.conv2d(x, self.boxes, 1, "SAME"), [1, 192, 4])
            scores = tf.sigmoid(tf.reshape(tf.nn.conv2d(x, self.scores, 1, "SAME"), [1, 192, 4]))

            @tf.function(experimental_implements=implements)  # type: ignore[untyped-decorator]
            def postprocess(boxes: Any, scores: Any, anchors: Any) -> Any:
                return tf.zeros([1, 10, 4]), tf.zeros([1, 10]), tf.zeros([1, 10]), tf.zeros([1])

            found = postprocess(boxes, scores, self.anchors)
            return dict(zip(("boxes", "classes", "scores", "num"), found, strict=True))

    return _saved(tf, folder / "detector", Detector())


def float_tflite(tf: Any, folder: Path) -> str:
    import keras

    path = folder / "float.tflite"
    path.write_bytes(
        tf.lite.TFLiteConverter.from_keras_model(keras.models.load_model(plain(tf, folder))).convert()
    )
    return str(path)


def functions(tf: Any, folder: Path) -> str:
    path = folder / "functions.py"
    path.write_text(FUNCTIONS)
    return str(path)


FUNCTIONS = '''
import tensorflow as tf

weights = tf.Variable(tf.random.stateless_normal([3, 3, 3, 4], [1, 2]))


@tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 3], tf.float32, name="image")])
def serve(image):
    return {"features": tf.nn.conv2d(image, weights, 1, "SAME")}


def keras_model():
    import keras

    image = keras.Input((8, 8, 3), name="image")
    return keras.Model(image, keras.layers.Conv2D(4, 3)(image))


def crashing():
    """At batch 1 its loop converts, and calibration of it kills the process."""
    import keras

    x = keras.Input((6, 4))
    model = keras.Model(x, keras.layers.Dense(3)(keras.layers.LSTM(4)(x)))
    call = tf.function(lambda x: model(x), input_signature=[tf.TensorSpec([1, 6, 4], tf.float32, name="x")])
    return call.get_concrete_function()


def something_else():
    return 42
'''


def _saved(tf: Any, path: Path, module: Any) -> str:
    tf.saved_model.save(module, str(path), signatures=module.__call__)
    return str(path)


BUILDERS = {
    builder.__name__: builder
    for builder in (
        plain, plain_h5, plain_saved_model, keras_2, lambda_layer, lambda_layer_h5, lstm, lstm_saved_model, odd_names,
        layernorm, attention, open_sizes, dilated, grouped, two_inputs, flex, reads_files, two_signatures, detector,
        other_signature, words,
        float_tflite, functions,
    )
}  # fmt: skip

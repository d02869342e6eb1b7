"""Nets over sequences: recurrence, attention, 1-D convolution, dense layers of rank 3, two inputs."""

from __future__ import annotations

from typing import Any

from .specimen import Specimen, fresh, weights

STEPS, FEATURES = 12, 16


def lstm() -> Any:
    """As Keras 3 exports it: a loop. Its integer calibration with a fixed batch crashes TensorFlow."""
    import tensorflow as tf

    layers = fresh()
    sequence = layers.Input((STEPS, FEATURES), name="sequence")
    x = layers.LSTM(16)(sequence)
    return tf.keras.Model(sequence, layers.Dense(4, kernel_initializer=weights())(x))


def gru() -> Any:
    """A loop as well; its gates are other operators."""
    import tensorflow as tf

    layers = fresh()
    sequence = layers.Input((STEPS, FEATURES), name="sequence")
    x = layers.GRU(16)(sequence)
    return tf.keras.Model(sequence, layers.Dense(4, kernel_initializer=weights())(x))


def mixer() -> Any:
    """Dense layers over features with layer normalization between, as in an MLP-Mixer."""
    import tensorflow as tf

    layers = fresh()
    x = sequence = layers.Input((STEPS, FEATURES), name="sequence")
    for _ in range(2):
        y = layers.LayerNormalization()(x)
        y = layers.Dense(32, activation="relu", kernel_initializer=weights())(y)
        x = layers.Add()([x, layers.Dense(FEATURES, kernel_initializer=weights(1.0))(y)])
    x = layers.GlobalAveragePooling1D()(x)
    return tf.keras.Model(sequence, layers.Dense(4, kernel_initializer=weights(4.0))(x))


def attention() -> Any:
    """Two heads, a residual, layer normalization, a dense layer."""
    import tensorflow as tf

    layers = fresh()
    sequence = layers.Input((STEPS, FEATURES), name="sequence")
    x = layers.MultiHeadAttention(2, 8)(sequence, sequence)
    x = layers.LayerNormalization()(layers.Add()([sequence, x]))
    x = layers.Dense(16, activation="relu", kernel_initializer=weights())(x)
    return tf.keras.Model(sequence, layers.Dense(4, kernel_initializer=weights())(x))


def conv1d() -> Any:
    import tensorflow as tf

    layers = fresh()
    sequence = layers.Input((32, FEATURES), name="sequence")
    x = layers.Conv1D(16, 3, padding="same", activation="relu", kernel_initializer=weights())(sequence)
    x = layers.MaxPooling1D()(x)
    x = layers.Conv1D(24, 3, padding="same", activation="relu", kernel_initializer=weights())(x)
    x = layers.GlobalAveragePooling1D()(x)
    return tf.keras.Model(sequence, layers.Dense(4, kernel_initializer=weights(4.0))(x))


def dense_rank_3() -> Any:
    import tensorflow as tf

    layers = fresh()
    sequence = layers.Input((STEPS, FEATURES), name="sequence")
    x = layers.Dense(24, activation="relu", kernel_initializer=weights())(sequence)
    x = layers.Dense(16, activation="relu", kernel_initializer=weights())(x)
    return tf.keras.Model(sequence, layers.Dense(4, kernel_initializer=weights())(x))


def two_inputs() -> Any:
    """The order of TensorFlow Lite's inputs is not Keras' order: calibration has to name them."""
    import tensorflow as tf

    layers = fresh()
    image = layers.Input((16, 16, 3), name="image")
    extra = layers.Input((8,), name="extra")
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", kernel_initializer=weights())(image)
    x = layers.GlobalAveragePooling2D()(x)
    y = layers.Dense(8, activation="relu", kernel_initializer=weights())(extra)
    x = layers.Concatenate()([x, y])
    return tf.keras.Model([image, extra], layers.Dense(4, kernel_initializer=weights(4.0))(x))


_SEQUENCE = {"sequence": (STEPS, FEATURES)}


def _of(name: str, shows: str, build: Any, wrong: str, inputs: Any = _SEQUENCE) -> Specimen:
    return Specimen(name, shows, build, inputs, wrong, classes=4, epochs=10)


SPECIMENS = (
    _of("lstm", "a loop: WHILE and three subgraphs", lstm, "SELECT_TF_OPS"),
    _of("gru", "a loop with other gates", gru, "dynamic range"),
    _of("mixer", "layer normalization: NEG, which the converter leaves in float", mixer, "float I/O"),
    _of("attention", "BATCH_MATMUL, and NEG inside layer normalization", attention, "dynamic range"),
    _of("conv1d", "a 1-D convolution between RESHAPEs", conv1d, "float16", {"sequence": (32, FEATURES)}),
    _of("dense_rank_3", "dense layers over a sequence", dense_rank_3, "dynamic batch"),
    _of(
        "two_inputs", "two inputs to calibrate by name", two_inputs, "random calibration",
        {"image": (16, 16, 3), "extra": (8,)},
    ),
)  # fmt: skip

"""Nets that give a value for every pixel: they have to make maps larger again."""

from __future__ import annotations

from typing import Any

from .specimen import Specimen, fresh, weights

SHAPE = (32, 32, 3)


def unet() -> Any:
    """Two levels down, bilinear resizing up, skips by concatenation, softmax over the classes."""
    import tensorflow as tf

    layers = fresh()

    def conv(x: Any, filters: int) -> Any:
        return layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer=weights())(x)

    image = layers.Input(SHAPE, name="image")
    top = conv(image, 8)
    middle = conv(layers.MaxPooling2D()(top), 16)
    x = conv(layers.MaxPooling2D()(middle), 24)
    x = layers.UpSampling2D(interpolation="bilinear")(x)
    x = conv(layers.Concatenate()([x, middle]), 16)
    x = layers.UpSampling2D(interpolation="bilinear")(x)
    x = conv(layers.Concatenate()([x, top]), 8)
    x = layers.Conv2D(4, 1, activation="softmax", kernel_initializer=weights(6.0))(x)
    return tf.keras.Model(image, x)


def transposed() -> Any:
    """A decoder of transposed convolutions with bias and ReLU: version 4 since TensorFlow 2.13."""
    import tensorflow as tf

    layers = fresh()
    image = layers.Input(SHAPE, name="image")
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu6", kernel_initializer=weights())(
        image
    )
    x = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu6", kernel_initializer=weights())(x)
    for filters in (8, 4):
        x = layers.Conv2DTranspose(
            filters, 3, strides=2, padding="same", activation="relu", kernel_initializer=weights(),
            bias_initializer="random_normal",
        )(x)  # fmt: skip
    return tf.keras.Model(image, layers.Conv2D(4, 1, activation="softmax", kernel_initializer=weights())(x))


SPECIMENS = (
    Specimen("unet", "bilinear resizing, concatenation", unet, {"image": SHAPE}, "float16", classes=4),
    Specimen(
        "transposed_conv", "TRANSPOSE_CONV with a fused ReLU", transposed, {"image": SHAPE}, "dynamic batch", classes=4
    ),
)  # fmt: skip

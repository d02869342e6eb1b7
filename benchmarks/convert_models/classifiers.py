"""Image classifiers: a MobileNet, and one small net with every activation that users ask about."""

from __future__ import annotations

from typing import Any

from .specimen import Specimen, fresh, weights

SHAPE = (32, 32, 3)
CLASSES = 10


def mobilenet() -> Any:
    """Inverted residuals with batch normalization, as MobileNetV2 has them."""
    import tensorflow as tf

    layers = fresh()

    def block(x: Any, filters: int, stride: int) -> Any:
        channels = x.shape[-1]
        y = layers.Conv2D(channels * 4, 1, use_bias=False, kernel_initializer=weights())(x)
        y = layers.ReLU(6.0)(layers.BatchNormalization()(y))
        y = layers.DepthwiseConv2D(
            3, strides=stride, padding="same", use_bias=False, depthwise_initializer=weights()
        )(y)
        y = layers.ReLU(6.0)(layers.BatchNormalization()(y))
        y = layers.Conv2D(filters, 1, use_bias=False, kernel_initializer=weights(1.0))(y)
        y = layers.BatchNormalization()(y)
        return layers.Add()([x, y]) if stride == 1 and channels == filters else y

    image = layers.Input(SHAPE, name="image")
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False, kernel_initializer=weights())(image)
    x = layers.ReLU(6.0)(layers.BatchNormalization()(x))
    for filters, stride in ((8, 1), (16, 2), (16, 1), (24, 2), (24, 1)):
        x = block(x, filters, stride)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(CLASSES, activation="softmax", kernel_initializer=weights())(x)
    return tf.keras.Model(image, x)


def net(activation: str, *, rescale: bool = False, flatten: bool = False, dilation: int = 1) -> Any:
    """Three convolutions with ``activation``, then a dense layer."""
    import tensorflow as tf

    layers = fresh()

    def act(x: Any) -> Any:
        if activation == "leaky_relu":
            return layers.LeakyReLU(negative_slope=0.1)(x)
        return layers.Activation(activation)(x)

    image = layers.Input(SHAPE, name="image")
    x = layers.Rescaling(1 / 127.5, offset=-1)(image) if rescale else image
    x = act(layers.Conv2D(8, 3, strides=2, padding="same", kernel_initializer=weights())(x))
    y = act(layers.Conv2D(8, 3, padding="same", dilation_rate=dilation, kernel_initializer=weights())(x))
    x = layers.Add()([x, y])
    x = act(layers.Conv2D(16, 3, strides=2, padding="same", kernel_initializer=weights())(x))
    x = layers.Flatten()(x) if flatten else layers.GlobalAveragePooling2D()(x)
    return tf.keras.Model(image, layers.Dense(CLASSES, kernel_initializer=weights(4.0))(x))


def grouped() -> Any:
    import tensorflow as tf

    layers = fresh()
    image = layers.Input(SHAPE, name="image")
    x = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu", kernel_initializer=weights())(
        image
    )
    x = layers.Conv2D(16, 3, padding="same", groups=2, activation="relu", kernel_initializer=weights())(x)
    x = layers.GlobalAveragePooling2D()(x)
    return tf.keras.Model(image, layers.Dense(CLASSES, kernel_initializer=weights(4.0))(x))


def _of(name: str, shows: str, build: Any, wrong: str, **options: Any) -> Specimen:
    return Specimen(name, shows, build, {"image": SHAPE}, wrong, **options)


SPECIMENS = (
    _of("mobilenet", "batch normalization to fold, residuals, dense, softmax", mobilenet, "float I/O"),
    _of("leaky_relu", "LEAKY_RELU is no operator of the Edge TPU", lambda: net("leaky_relu"), "random calibration"),
    _of("hard_swish", "HARD_SWISH, as in MobileNetV3", lambda: net("hard_swish"), "float I/O"),
    _of("silu", "SiLU is LOGISTIC and MUL", lambda: net("silu"), "dynamic range"),
    _of("gelu", "GELU is newer than the compiler's parser", lambda: net("gelu"), "float16"),
    _of(
        "rescaling_inside", "normalization as a layer: MUL and ADD on pixels", lambda: net("relu6", rescale=True),
        "random calibration", value_range=(0.0, 255.0), pixels="0,255",
    ),
    _of(
        "dynamic_batch", "a Flatten whose size is computed at run time", lambda: net("relu", flatten=True),
        "dynamic batch",
    ),
    _of(
        "dilated_h5", "a dilated convolution, in a file of HDF5", lambda: net("relu", dilation=2), "dynamic batch",
        format="h5",
    ),
    _of("grouped", "a grouped convolution: CONV_2D version 6", grouped, "float I/O"),
)  # fmt: skip

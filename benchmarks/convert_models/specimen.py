"""What one model of the benchmark is, and what its builders share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

SEED = 20210703


class Specimen(NamedTuple):
    """One model, the wrong way it is converted first, and the data it is calibrated with."""

    name: str
    shows: str  # what is hard about it
    build: Callable[
        [], Any
    ]  # a Keras model, or a concrete function with the object that tracks its variables
    inputs: dict[str, tuple[int, ...]]  # name -> shape without the batch
    wrong: str  # one of wrong.WAYS
    format: str = "keras"  # keras, h5 or saved_model: what the user has on disk
    value_range: tuple[float, float] = (-1.0, 1.0)
    pixels: str = ""  # --value-range, where the calibration is a folder of PNG files and no .npz
    classes: int = 10  # of the task it is trained for; 0 leaves its weights random
    epochs: int = 6


def fresh() -> Any:
    """Before a network is built: the same weights and names, whatever was built before. Returns Keras' layers."""
    import tensorflow as tf

    tf.keras.utils.clear_session()
    tf.keras.utils.set_random_seed(SEED)
    return tf.keras.layers


def weights(gain: float = 2.0) -> Any:
    """Weights under which activations neither vanish nor explode."""
    import tensorflow as tf

    return tf.keras.initializers.VarianceScaling(gain, "fan_in", "truncated_normal", seed=None)

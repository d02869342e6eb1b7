"""A seeded task that small nets learn in seconds: which of some waves is it?

Calibration data, the inputs to judge by and those to train with are drawn with different seeds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .specimen import SEED, Specimen

TRAINING = 640
CALIBRATION = 160
JUDGED = 32
NOISE = 0.15


def draw(specimen: Specimen, count: int, seed: int) -> tuple[dict[str, Any], Any]:
    """Inputs, name -> float32 [count, *shape] within the specimen's range, and the class of each sample."""
    import numpy as np

    random = np.random.default_rng(seed)
    classes = random.integers(0, specimen.classes or 10, count)
    low, high = specimen.value_range
    arrays = {}
    for name, shape in specimen.inputs.items():
        array = np.stack([_wave(np, random, shape, int(number)) for number in classes])
        array = (np.clip(array, -1, 1) + 1) / 2
        if specimen.pixels:  # only what an 8-bit image can hold
            array = np.round(array * 255) / 255
        arrays[name] = (array * (high - low) + low).astype(np.float32)
    return arrays, classes


def _wave(np: Any, random: Any, shape: tuple[int, ...], number: int) -> Any:
    """One sample of class ``number``: a direction and a frequency in an image, a frequency in a sequence, a
    pattern in a vector; phase, strength and noise differ from sample to sample."""
    strength = random.uniform(0.4, 0.9)
    noise = random.normal(0, NOISE, shape)
    if len(shape) == 1:
        pattern = np.sin(np.arange(shape[0]) * (number + 1) * 0.7)
        return strength * pattern + noise
    phases = random.uniform(0, 6.3) + np.linspace(0, 2, _channels(shape))
    if len(shape) == 2:
        # One step alone tells the class too: by the phase from feature to feature.
        time = np.arange(shape[0])[:, None] * (0.25 + 0.3 * number)
        phases = phases * (1 + number)
        return strength * np.sin(time + phases) + noise
    axis = _channel_axis(shape)
    sizes = [size for place, size in enumerate(shape) if place != axis]
    y, x = np.mgrid[0 : sizes[0], 0 : sizes[1]]
    angle, frequency = (number % 5) * np.pi / 5, 0.35 if number < 5 else 0.8
    distance = frequency * (x * np.cos(angle) + y * np.sin(angle))
    image = strength * np.sin(distance[..., None] + phases)
    return np.moveaxis(image, -1, axis) + noise


def _channel_axis(shape: tuple[int, ...]) -> int:
    return 0 if shape[0] < shape[-1] else len(shape) - 1


def _channels(shape: tuple[int, ...]) -> int:
    return shape[-1] if len(shape) == 2 else shape[_channel_axis(shape)]


def train(specimen: Specimen, model: Any) -> float:
    """Teach ``model`` the task, every position of its output the class of its sample; returns the accuracy."""
    import numpy as np
    import tensorflow as tf

    arrays, classes = draw(specimen, TRAINING, SEED + 2)
    inputs = list(arrays.values()) if len(arrays) > 1 else next(iter(arrays.values()))
    positions = tuple(model.output_shape[1:-1])
    labels = np.broadcast_to(classes.reshape((-1, *(1,) * len(positions))), (len(classes), *positions))
    last = model.layers[-1]
    is_softmax = getattr(getattr(last, "activation", None), "__name__", "") == "softmax"
    for layer in model.layers:
        if isinstance(layer, tf.keras.layers.BatchNormalization):
            layer.momentum = 0.9  # a hundred steps, not a hundred thousand
    model.compile(
        tf.keras.optimizers.Adam(3e-3),
        tf.keras.losses.SparseCategoricalCrossentropy(from_logits=not is_softmax),
        metrics=["accuracy"],
    )
    history = model.fit(inputs, labels, batch_size=32, epochs=specimen.epochs, verbose=0)
    return float(history.history["accuracy"][-1])


def calibration(specimen: Specimen) -> dict[str, Any]:
    return draw(specimen, CALIBRATION, SEED)[0]


def judged(specimen: Specimen) -> dict[str, Any]:
    return draw(specimen, JUDGED, SEED + 1)[0]


def save(specimen: Specimen, folder: Path) -> Path:
    """What the user has: a folder of PNG files or an .npz file; its path."""
    import numpy as np

    arrays = calibration(specimen)
    np.savez(folder / "judged.npz", **judged(specimen))
    if not specimen.pixels:
        np.savez(folder / "calibration.npz", **arrays)
        return folder / "calibration.npz"
    from PIL import Image

    pictures = folder / "pictures"
    pictures.mkdir(exist_ok=True)
    low, high = specimen.value_range
    (array,) = arrays.values()
    for number, picture in enumerate(np.round((array - low) / (high - low) * 255).astype(np.uint8)):
        Image.fromarray(picture).save(pictures / f"{number:03}.png")
    return pictures

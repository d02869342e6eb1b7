"""SavedModels that no Keras model stands behind: a detector, and a net imported from NCHW."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from .specimen import SEED, Specimen

CHANNELS_FIRST = (3, 32, 32)


def detector() -> Any:
    """The SSD of the fixtures: feature pyramid, weight-shared head, TFLite_Detection_PostProcess."""
    root = str(Path(__file__).resolve().parents[2])
    if root not in sys.path:
        sys.path.insert(0, root)
    from fixtures.sources.convert import tracked
    from fixtures.sources.detector import backbone
    from fixtures.sources.detector import detector as with_postprocess

    model = backbone()
    return with_postprocess(model), tracked(model)


def channels_first() -> Any:
    """As an importer from ONNX writes it: every convolution between two transposes."""
    import numpy as np
    import tensorflow as tf

    random = np.random.default_rng(SEED)
    module = tf.Module()
    sizes = ((3, 8, 2), (8, 16, 1), (16, 16, 2))
    module.filters = [
        tf.Variable(random.normal(0, (2 / (9 * a)) ** 0.5, (3, 3, a, b)).astype(np.float32))
        for a, b, _ in sizes
    ]
    module.biases = [tf.Variable(random.normal(0, 0.1, (b,)).astype(np.float32)) for _, b, _ in sizes]
    module.dense = tf.Variable(random.normal(0, 0.5, (16, 10)).astype(np.float32))

    def run(image: Any) -> dict[str, Any]:
        x = image
        for filters, bias, (_, _, stride) in zip(module.filters, module.biases, sizes, strict=True):
            x = tf.transpose(x, (0, 2, 3, 1))
            x = tf.nn.conv2d(x, filters, stride, "SAME")
            x = tf.transpose(x, (0, 3, 1, 2))
            x = tf.nn.relu(x + tf.reshape(bias, (1, -1, 1, 1)))
        x = tf.reduce_mean(x, axis=(2, 3))
        return {"scores": tf.linalg.matmul(x, module.dense)}

    spec = tf.TensorSpec((1, *CHANNELS_FIRST), tf.float32, name="image")
    return tf.function(run).get_concrete_function(spec), module


SPECIMENS = (
    Specimen(
        "ssd", "detections as outputs, a custom operator, upsampling by stacking", detector, {"image": (64, 64, 3)},
        "SELECT_TF_OPS", format="saved_model", pixels="-1,1", classes=0,
    ),
    Specimen(
        "nchw_import", "channels first: a TRANSPOSE on either side of every convolution", channels_first,
        {"image": CHANNELS_FIRST}, "float I/O", format="saved_model", classes=0,
    ),
)  # fmt: skip

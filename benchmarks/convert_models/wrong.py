"""How users convert: what tutorials show, with one wrong setting each and TensorFlow's defaults elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

SAMPLES = 32
Data = dict[str, Any]  # name -> [samples, *shape]

WAYS = {
    "float I/O": "full integer, but inference_input_type and inference_output_type are not set",
    "dynamic range": "Optimize.DEFAULT without a representative dataset",
    "float16": "supported_types = [float16]",
    "SELECT_TF_OPS": "SELECT_TF_OPS beside the builtins, as error messages suggest",
    "dynamic batch": "full integer with uint8 interface, from a model whose batch is open",
    "random calibration": "full integer, calibrated with numbers from numpy.random.rand",
}


def convert(way: str, converter: Any, data: Data, *, has_custom: bool) -> bytes:
    """Set ``converter`` up as ``way`` says and convert; raises whatever TensorFlow raises."""
    import tensorflow as tf

    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.allow_custom_ops = has_custom
    ops = tf.lite.OpsSet
    if way == "float16":
        converter.target_spec.supported_types = [tf.float16]
    elif way == "SELECT_TF_OPS":
        if has_custom:  # the settings of the notebook: integer, with everything allowed
            converter.representative_dataset = samples(data)
            converter.target_spec.supported_ops = [ops.TFLITE_BUILTINS_INT8, ops.SELECT_TF_OPS]
            converter.inference_input_type = converter.inference_output_type = tf.uint8
        else:
            converter.target_spec.supported_ops = [ops.TFLITE_BUILTINS, ops.SELECT_TF_OPS]
            converter._experimental_lower_tensor_list_ops = False
    elif way != "dynamic range":
        converter.representative_dataset = noise(data) if way == "random calibration" else samples(data)
        converter.target_spec.supported_ops = [ops.TFLITE_BUILTINS_INT8]
        if way != "float I/O":
            converter.inference_input_type = converter.inference_output_type = tf.uint8
    return bytes(converter.convert())


def samples(data: Data) -> Callable[[], Iterator[dict[str, Any]]]:
    def generate() -> Iterator[dict[str, Any]]:
        for sample in range(SAMPLES):
            yield {name: array[sample : sample + 1] for name, array in data.items()}

    return generate


def noise(data: Data) -> Callable[[], Iterator[dict[str, Any]]]:
    """0..1, whatever the model was trained on."""
    import numpy as np

    def generate() -> Iterator[dict[str, Any]]:
        random = np.random.default_rng(1)
        for _ in range(SAMPLES):
            yield {
                name: random.random((1, *array.shape[1:])).astype(np.float32) for name, array in data.items()
            }

    return generate

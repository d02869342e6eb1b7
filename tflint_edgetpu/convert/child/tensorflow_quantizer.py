"""TensorFlow's own quantizer on a model that is a .tflite already: what the converter does after converting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from inspect import signature
from typing import Any

Samples = Callable[[], Iterator[dict[str, Any]]]


def calibrate(model: bytes, samples: Samples, order: Sequence[str]) -> Any:
    """The model with the ranges of all its tensors. ``order`` names the inputs as they stand in the file."""
    calibrator = import_module("tensorflow.lite.python.optimize.calibrator").Calibrator(model)
    return calibrator.calibrate(lambda: ([sample[name] for name in order] for sample in samples()))


def quantize(calibrated: Any, *, per_channel_dense: bool = False, **options: Any) -> bytes:
    """Integers by the ranges of :func:`calibrate`; ``options`` go to TensorFlow's ``mlir_quantize``."""
    function = import_module("tensorflow.lite.python.convert").mlir_quantize
    # Since TensorFlow 2.17, which made it necessary.
    if "disable_per_channel_for_dense_layers" in signature(function).parameters:
        options["disable_per_channel_for_dense_layers"] = not per_channel_dense
    return bytes(function(calibrated, **options))


def quantize_fully(calibrated: Any) -> bytes:
    """int8 inside and at the interface."""
    tf: Any = import_module("tensorflow")
    return quantize(calibrated, fully_quantize=True, input_data_type=tf.int8, output_data_type=tf.int8)

"""Set a recipe on TensorFlow's converter and run it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from ..recipe import AS_IN_SOURCE, DENSE_FLAG, Recipe
from .loaded import Loaded


def convert(loaded: Loaded, recipe: Recipe, samples: Callable[[], Iterator[Any]] | None) -> bytes:
    """The converter's output; whatever it raises is the caller's to judge. ``samples`` are dicts by the names
    of the signature's inputs: the order of a list would be that of the file, which is not the signature's.
    """
    tf: Any = import_module("tensorflow")
    return bytes(prepare_converter(tf, loaded, recipe, samples).convert())


def prepare_converter(
    tf: Any, loaded: Loaded, recipe: Recipe, samples: Callable[[], Iterator[Any]] | None
) -> Any:
    """A converter with everything set on it."""
    converter = _converter(tf, loaded, recipe)
    if recipe.quantize:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = samples
    ops = recipe.supported_ops if recipe.quantize else [_as_float(name) for name in recipe.supported_ops]
    converter.target_spec.supported_ops = [getattr(tf.lite.OpsSet, name) for name in dict.fromkeys(ops)]
    if recipe.quantize and recipe.input_type not in ("float32", AS_IN_SOURCE):
        converter.inference_input_type = getattr(tf, recipe.input_type)
    if recipe.quantize and recipe.output_type != "float32":
        converter.inference_output_type = getattr(tf, recipe.output_type)
    if recipe.allow_custom_ops:
        converter.allow_custom_ops = True
    for name, value in (
        (DENSE_FLAG, not recipe.per_channel_dense),  # there since 2.17, which made it necessary
        ("unfold_batchmatmul", recipe.unfold_batchmatmul),
        ("experimental_new_quantizer", recipe.new_quantizer),
    ):
        # Python takes any name for an attribute, so that a misspelled or missing one would pass without a word.
        if hasattr(converter, name):
            setattr(converter, name, value)
    return converter


def _converter(tf: Any, loaded: Loaded, recipe: Recipe) -> Any:
    if recipe.batch is None:
        return loaded.converter_of_source()
    function, holder = loaded.frozen()
    return tf.lite.TFLiteConverter.from_concrete_functions([function], holder)


def _as_float(name: str) -> str:
    return name.replace("_INT8", "")

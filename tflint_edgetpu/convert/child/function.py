"""A function of the user's that is, or makes, what to convert. Its module runs: only for a trusted source."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import CannotConvert
from ..source import Source
from ..user_code import load_named
from .keras_file import export_model
from .loaded import Loaded, frozen_inputs, parameter_bytes
from .saved_model import load_saved_model


def load_function(
    source: Source, shapes: Mapping[str, tuple[int, ...]], folder: Path, *, unroll: bool = False
) -> Loaded:
    """``module:name`` names a ``tf.function``, a concrete function, a Keras model, or a function without
    arguments that returns one of them.
    """
    if not source.trust:
        raise CannotConvert(f"{source.path} is code, and loading it runs it: say --trust-source")
    try:
        value = load_named(source.path)
    except (Exception, SystemExit) as error:
        raise CannotConvert(f"{source.path} cannot be loaded: {type(error).__name__}: {error}") from None
    if callable(value) and not _is_model(value) and not _is_traced(value):
        try:
            value = value()
        except Exception as error:
            raise CannotConvert(f"{source.path}() raised {type(error).__name__}: {error}") from None
    if _is_model(value):
        return _of_keras(value, source, shapes, folder, unroll)
    return _of_concrete(value, source, shapes)


def _is_model(value: Any) -> bool:
    return hasattr(value, "export") and hasattr(value, "layers")


def _is_traced(value: Any) -> bool:
    return hasattr(value, "get_concrete_function") or hasattr(value, "structured_input_signature")


def _of_keras(
    model: Any, source: Source, shapes: Mapping[str, tuple[int, ...]], folder: Path, unroll: bool
) -> Loaded:
    recurrent = export_model(model, folder, shapes=shapes, unroll=unroll)
    loaded = load_saved_model(source._replace(path=str(folder)), shapes, check=False)
    return loaded._replace(recurrent=recurrent)


def _of_concrete(value: Any, source: Source, shapes: Mapping[str, tuple[int, ...]]) -> Loaded:
    concrete = value
    if hasattr(value, "get_concrete_function"):
        try:
            concrete = value.get_concrete_function()
        except Exception:
            raise CannotConvert(
                f"{source.path} has no fixed signature: give its tf.function an input_signature, or return "
                "get_concrete_function(...) from a function"
            ) from None
    if not hasattr(concrete, "structured_input_signature"):
        raise CannotConvert(
            f"{source.path} gives a {type(value).__name__}; a tf.function, a concrete function or a Keras model "
            "is wanted"
        )
    positional, named = concrete.structured_input_signature
    specs = {
        spec.name or f"input_{number}": spec
        for number, spec in enumerate(positional)
        if hasattr(spec, "dtype")
    }
    order = list(specs)
    specs.update(named)

    tf: Any = import_module("tensorflow")

    def call(**tensors: Any) -> Any:
        result = concrete(*[tensors[name] for name in order], **{name: tensors[name] for name in named})
        if isinstance(result, dict):
            return result
        flat = tf.nest.flatten(result)
        return {f"output_{number}": tensor for number, tensor in enumerate(flat)}

    inputs = frozen_inputs({name: (spec.shape, spec.dtype.name) for name, spec in specs.items()}, shapes)
    # The variables themselves: those of a function that is not a module's are not found through it, and a Keras 3
    # model must not be what holds them.
    return Loaded(
        call, list(concrete.variables), "serving_default", inputs, parameter_bytes(concrete), None, (), (), ()
    )  # fmt: skip

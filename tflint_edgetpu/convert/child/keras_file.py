"""Load a .keras or .h5 file and export it as a SavedModel, from which every other step starts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import CannotConvert
from ..source import Source
from .safety import keras_config, refuse_bytecode

_NO_TF_KERAS = (
    "it was written by Keras {version}, and this Keras cannot load it: pip install --no-deps tf-keras "
    "(with its dependencies it would put tensorflow over tensorflow-cpu)"
)


RENAMED = "inputs were renamed"


class Exported(NamedTuple):
    recurrent: tuple[str, ...]
    notes: tuple[str, ...]


def load_keras(
    source: Source, folder: Path, *, shapes: Mapping[str, tuple[int, ...]], unroll: bool
) -> Exported:
    """Write the model of ``source`` to ``folder``; raises CannotConvert."""
    path = Path(source.path)
    try:
        config, version = keras_config(path)
    except (OSError, ValueError, KeyError) as error:
        raise CannotConvert(f"{path} cannot be read as a Keras model: {error}") from None
    if not source.trust:
        refuse_bytecode(config, path)
    model, note = _load(path, version, source.trust)
    odd = [name for name in map(_name, getattr(model, "inputs", None) or ()) if re.search(r"\W", name)]
    notes = [note] if note else []
    if odd:
        notes.append(f"{RENAMED}: no signature takes a name such as '{odd[0]}'")
    return Exported(export_model(model, folder, shapes=shapes, unroll=unroll), tuple(notes))


def export_model(
    model: Any, folder: Path, *, shapes: Mapping[str, tuple[int, ...]], unroll: bool
) -> tuple[str, ...]:
    """Write a Keras model to ``folder`` as a SavedModel; the names of its layers that loop.

    Raises CannotConvert where it was never built, cannot be unrolled or exported.
    """
    if not getattr(model, "inputs", None):
        raise CannotConvert("the Keras model was never built: call it once on data, or give it an Input")
    if unroll:
        model = _unrolled(model, shapes)
    model = _with_plain_names(model)
    try:
        model.export(str(folder))
    except Exception as error:
        raise CannotConvert(f"Keras cannot export the model: {_first_line(error)}") from None
    return tuple(layer.name for layer in _layers(model) if _loops(layer))


def _load(path: Path, version: str, trust: bool) -> tuple[Any, str | None]:
    """The model, and what is worth knowing about how it was loaded."""
    old = version.startswith("2.")
    if old and find_spec("tf_keras") is not None:
        keras: Any = import_module("tf_keras")
        return _read(keras, path, trust, version), f"loaded with tf-keras: Keras {version} wrote it"
    keras = import_module("keras")
    if old and path.suffix != ".keras":
        # Keras 3 reads most .h5 files of Keras 2: worth a try before anything has to be installed.
        try:
            return _read(keras, path, trust, version), None
        except CannotConvert:
            pass
    if old:
        raise CannotConvert(f"{path}: " + _NO_TF_KERAS.format(version=version))
    return _read(keras, path, trust, version), None


def _read(keras: Any, path: Path, trust: bool, version: str) -> Any:
    try:
        return keras.models.load_model(str(path), compile=False, safe_mode=not trust)
    except Exception as error:
        hint = ""
        if (
            "could not be located" in str(error)
            or "Unknown layer" in str(error)
            or "registered" in str(error)
        ):
            hint = "; for layers of your own, give FILE.py:function with --trust-source instead"
        raise CannotConvert(
            f"Keras cannot load {path} (written by Keras {version or '?'}): {_first_line(error)}{hint}"
        ) from None


def _layers(model: Any) -> Iterator[Any]:
    """All layers, also of models within the model, of wrappers too."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _layers(layer)
        else:
            yield layer


def _loops(layer: Any) -> bool:
    inner = getattr(layer, "forward_layer", None) or layer
    return hasattr(inner, "unroll") and not inner.unroll


def _unrolled(model: Any, shapes: Mapping[str, tuple[int, ...]]) -> Any:
    def build(layer: Any) -> Any:
        config = layer.get_config()
        for part in (
            config,
            *(config[key]["config"] for key in ("layer", "backward_layer") if config.get(key)),
        ):
            if "unroll" in part:
                part["unroll"] = True
        return layer.__class__.from_config(config)

    keras = _keras_of(model)
    tensors = None
    if shapes:
        tensors = [
            keras.Input(
                batch_shape=shapes.get(_name(x)) or shapes.get("") or (1, *x.shape[1:]),
                name=_name(x),
                dtype=x.dtype,
            )
            for x in model.inputs
        ]
    try:
        clone = keras.models.clone_model(model, input_tensors=tensors, clone_function=build)
        clone.set_weights(model.get_weights())
    except Exception as error:
        raise CannotConvert(
            f"its recurrent layers cannot be unrolled here ({_first_line(error)}): build the model with a fixed "
            "number of time steps and unroll=True"
        ) from None
    return clone


def _with_plain_names(model: Any) -> Any:
    """The model, its inputs renamed where a name is none that a signature takes: Keras cannot export those."""
    names = [_name(tensor) for tensor in model.inputs]
    plain = [re.sub(r"\W", "_", name) for name in names]
    if plain == names:
        return model
    keras = _keras_of(model)
    tensors = [
        keras.Input(batch_shape=tuple(tensor.shape), dtype=tensor.dtype, name=name)
        for tensor, name in zip(model.inputs, plain, strict=True)
    ]
    return keras.Model(tensors, model(tensors[0] if len(tensors) == 1 else tensors))


def _keras_of(model: Any) -> Any:
    """The Keras that a model is of."""
    old = any(base.__module__.startswith("tf_keras") for base in type(model).__mro__)
    return import_module("tf_keras" if old else "keras")


def _name(tensor: Any) -> str:
    return str(tensor.name).partition(":")[0]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]

"""A user's own inputs: one ``.npz`` file, or a folder of ``.npy`` and ``.npz`` files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..model.graph import Model


class InputsError(Exception):
    """The inputs do not fit the model; one line that says which and why."""


def load_inputs(source: str, model: Model) -> dict[str, Any]:
    """Input name -> array [samples, *shape], for every input of ``model``.

    An ``.npz`` file holds one array a name, with or without the leading dimension of samples.  A folder
    holds one sample a file, in the order of their names: ``.npz`` by input names, or ``.npy`` for a model
    with one input.  Arrays of objects are refused (they could run code).  Raises :class:`InputsError`.
    """
    import numpy as np

    path = Path(source)
    try:
        if path.is_dir():
            samples = [
                _sample(np, file, model) for file in sorted(path.iterdir()) if file.suffix in (".npy", ".npz")
            ]
            if not samples:
                raise InputsError(f"{source}: no .npy or .npz file in this folder")
            return {name: np.stack([sample[name] for sample in samples]) for name in samples[0]}
        with np.load(path, allow_pickle=False) as arrays:
            if not hasattr(arrays, "files"):
                raise InputsError(
                    f"{source}: a single array; put .npy files into a folder, or save an .npz by name"
                )
            return {t.name: _stacked(np, arrays, t.name, t.shape, source) for t in model.main.inputs}
    except (OSError, ValueError, EOFError) as error:
        raise InputsError(f"{source}: {error}") from None


def _sample(np: Any, file: Path, model: Model) -> dict[str, Any]:
    loaded = np.load(file, allow_pickle=False)
    if not hasattr(loaded, "files"):
        if len(model.main.inputs) != 1:
            raise InputsError(
                f"{file}: the model has {len(model.main.inputs)} inputs; save an .npz by input name"
            )
        arrays = {model.main.inputs[0].name: loaded}
    else:
        with loaded:
            arrays = {name: loaded[name] for name in loaded.files}
    result = {}
    for tensor in model.main.inputs:
        if tensor.name not in arrays:
            raise InputsError(f"{file}: no array for input '{tensor.name}'; it has {sorted(arrays)}")
        if arrays[tensor.name].size != tensor.elements:
            raise InputsError(
                f"{file}: input '{tensor.name}' needs shape {list(tensor.shape)}, not {list(arrays[tensor.name].shape)}"
            )
        result[tensor.name] = arrays[tensor.name].reshape(tensor.shape)
    return result


def _stacked(np: Any, arrays: Any, name: str, shape: tuple[int, ...], source: str) -> Any:
    if name not in arrays.files:
        raise InputsError(f"{source}: no array for input '{name}'; it has {sorted(arrays.files)}")
    array = arrays[name]
    elements = int(np.prod(shape))
    if not elements or array.size % elements or not array.size:
        raise InputsError(
            f"{source}: input '{name}' needs shape {list(shape)} a sample, not {list(array.shape)}"
        )
    return array.reshape((-1, *shape))

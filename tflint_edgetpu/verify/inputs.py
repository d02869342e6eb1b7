"""A user's own inputs: one ``.npz`` file, or a folder of ``.npy`` and ``.npz`` files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..model.graph import Model, Tensor


class InputsError(Exception):
    """The inputs do not fit the model; one line that says which and why."""


def load_inputs(source: str, model: Model) -> dict[str, Any]:
    """Name of the input's tensor -> array [samples, *shape], for every input of ``model``.

    Names may be those of the tensors or those of the signature.  An ``.npz`` file holds one array a name, with or
    without the leading dimension of samples.  A folder holds one sample a file, in the order of their names:
    ``.npz`` by input names, or ``.npy`` for a model with one input.  Arrays of objects are refused (they could run
    code).  Raises :class:`InputsError`.
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
            found = {
                name: _stacked(np, arrays, key, t, source)
                for name, key, t in _keys(model, arrays.files, source)
            }
        counts = {name: len(array) for name, array in found.items()}
        if len(set(counts.values())) > 1:
            raise InputsError(f"{source}: the inputs have different numbers of samples: {counts}")
        return found
    except (OSError, ValueError, EOFError) as error:
        if "pickle" in str(error):  # what numpy says of every file that it does not know
            raise InputsError(
                f"{source}: no array file, or one of Python objects (a pickle), which can run code"
            ) from None
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
    for name, key, tensor in _keys(model, list(arrays), str(file)):
        if arrays[key].size != tensor.elements:
            raise InputsError(
                f"{file}: input '{key}' needs shape {list(tensor.shape)}, not {list(arrays[key].shape)}"
            )
        result[name] = _checked(np, arrays[key], tensor, str(file)).reshape(tensor.shape)
    return result


def _keys(model: Model, found: list[str], source: str) -> list[tuple[str, str, Tensor]]:
    """(tensor's name, name in the file, tensor) for each input; raises :class:`InputsError`."""
    keys = []
    for tensor in model.main.inputs:
        named = [
            tensor.name,
            *(name for s in model.signatures for name, entry in s.inputs if entry is tensor),
        ]
        key = next((name for name in named if name in found), None)
        if key is None:
            raise InputsError(f"{source}: no array for input '{tensor.name}'; it has {sorted(found)}")
        keys.append((tensor.name, key, tensor))
    return keys


def _stacked(np: Any, arrays: Any, key: str, tensor: Tensor, source: str) -> Any:
    array = arrays[key]
    if not tensor.elements or array.size % tensor.elements or not array.size:
        raise InputsError(
            f"{source}: input '{key}' needs shape {list(tensor.shape)} a sample, not {list(array.shape)}"
        )
    return _checked(np, array, tensor, source).reshape((-1, *tensor.shape))


def _checked(np: Any, array: Any, tensor: Tensor, source: str) -> Any:
    """``array``, where it holds numbers that the tensor can take."""
    if array.dtype.kind not in "biuf":
        raise InputsError(f"{source}: input '{tensor.name}' needs numbers, not {array.dtype}")
    if tensor.dtype in ("INT8", "UINT8") and array.dtype.kind == "f" and (array != np.round(array)).any():
        raise InputsError(
            f"{source}: input '{tensor.name}' is {tensor.dtype}, the file has fractions: give the integers themselves"
        )
    return array

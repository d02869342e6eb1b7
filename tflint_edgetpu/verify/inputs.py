"""A user's own inputs: one ``.npz`` or ``.npy`` file, or a folder of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..model.graph import Model, Tensor


class InputsError(Exception):
    """The inputs do not fit the model; one line that says which and why."""


def load_inputs(source: str, model: Model, *, real_numbers: bool = False) -> dict[str, Any]:
    """Name of the input's tensor -> array [samples, *shape], for every input of ``model``.

    Names may be those of the tensors or those of the signature; a single array fits a single input whatever its
    name.  A file holds one array a name, with or without the leading dimension of samples; ``.npy`` is for a model
    with one input.  A folder holds one sample a file, in the order of their names.  Integer inputs take the integers
    themselves; with ``real_numbers`` floats are put on their scale.  Arrays of objects are refused (they could run
    code).  Raises :class:`InputsError`.
    """
    import numpy as np

    path = Path(source)
    try:
        if path.is_dir():
            files = sorted(file for file in path.iterdir() if file.suffix in (".npy", ".npz"))
            if not files:
                raise InputsError(f"{source}: no .npy or .npz file in this folder")
            samples = [_arrays(np, file, model, real_numbers) for file in files]
            for file, sample in zip(files, samples, strict=True):
                more = next((name for name, array in sample.items() if len(array) != 1), None)
                if more is not None:
                    raise InputsError(
                        f"{file}: input '{more}' has {len(sample[more])} samples, a file of a folder holds one"
                    )
            return {name: np.concatenate([sample[name] for sample in samples]) for name in samples[0]}
        found = _arrays(np, path, model, real_numbers)
    except InputsError:
        raise
    except OSError as error:
        raise InputsError(f"{source}: {error.strerror or error}") from None
    except Exception as error:  # on damaged files numpy raises what its parts raise: BadZipFile, TokenError
        if "pickle" in str(error):  # what numpy says of every file that it does not know
            raise InputsError(
                f"{source}: no array file, or one of Python objects (a pickle), which can run code"
            ) from None
        raise InputsError(f"{source}: {error}") from None
    counts = {name: len(array) for name, array in found.items()}
    if len(set(counts.values())) > 1:
        raise InputsError(f"{source}: the inputs have different numbers of samples: {counts}")
    return found


def _arrays(np: Any, file: Path, model: Model, real_numbers: bool) -> dict[str, Any]:
    """Name of the input's tensor -> array [samples, *shape], of one file."""
    loaded = np.load(file, allow_pickle=False)
    if not hasattr(loaded, "files"):
        if len(model.main.inputs) != 1:
            raise InputsError(
                f"{file}: a single array, and the model has {len(model.main.inputs)} inputs; save an .npz by input name"
            )
        arrays = {model.main.inputs[0].name: loaded}
    else:
        with loaded:
            arrays = {name: loaded[name] for name in loaded.files}
    return {
        tensor.name: _stacked(np, arrays[key], key, tensor, file, real_numbers)
        for key, tensor in _keys(model, list(arrays), file)
    }


def _keys(model: Model, found: list[str], file: Path) -> list[tuple[str, Tensor]]:
    """(name in the file, tensor) for each input; raises :class:`InputsError`."""
    inputs = model.main.inputs
    if len(inputs) == len(found) == 1:
        return [(found[0], inputs[0])]
    keys = []
    for tensor in inputs:
        named = [
            tensor.name,
            *(name for s in model.signatures for name, entry in s.inputs if entry is tensor),
        ]
        key = next((name for name in named if name in found), None)
        if key is None:
            raise InputsError(
                f"{file}: no array for input '{tensor.name}'; it has {', '.join(sorted(found))}"
            )
        keys.append((key, tensor))
    return keys


def _stacked(np: Any, array: Any, key: str, tensor: Tensor, file: Path, real_numbers: bool) -> Any:
    if not tensor.elements or array.size % tensor.elements or not array.size:
        raise InputsError(
            f"{file}: input '{key}' needs shape {list(tensor.shape)} a sample, not {list(array.shape)}"
        )
    if array.dtype.kind not in "biuf":
        raise InputsError(f"{file}: input '{tensor.name}' needs numbers, not {array.dtype}")
    if array.dtype.kind == "f" and tensor.dtype not in ("FLOAT32", "FLOAT16", "FLOAT64"):
        array = _integers(np, array, tensor, file, real_numbers)
    return array.reshape((-1, *tensor.shape))


def _integers(np: Any, array: Any, tensor: Tensor, file: Path, real_numbers: bool) -> Any:
    """Floats for an integer input."""
    if not real_numbers:
        if tensor.dtype in ("INT8", "UINT8") and (array != np.round(array)).any():
            raise InputsError(
                f"{file}: input '{tensor.name}' is {tensor.dtype}, the file has fractions: give the integers themselves"
            )
        return array
    quantization = tensor.quantization
    if quantization is None or quantization.per_channel:
        raise InputsError(f"{file}: input '{tensor.name}' is {tensor.dtype} without a scale; give integers")
    limits = np.iinfo(tensor.dtype.lower())
    steps = np.round(array / quantization.scale) + quantization.zero_point
    return np.clip(steps, limits.min, limits.max)

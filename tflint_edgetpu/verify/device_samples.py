"""The inputs of a run on the device, as the integers that both models get."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..model.graph import Model, Tensor
from .inputs import InputsError, load_inputs

# Samples that are run: more say the same, and large models take their time on the CPU.
MOST_SAMPLES = 64


class SamplesError(Exception):
    """The samples do not fit the model; one line."""


def save_samples(source: Path, model: Model, target: Path) -> tuple[list[str], int]:
    """Write the arrays of ``source`` to ``target`` in the types of the inputs of ``model``.

    ``source`` is an ``.npz`` file, or a folder as :func:`~tflint_edgetpu.verify.inputs.load_inputs` takes it.
    Names may be those of the tensors or of the signature; a single array fits a single input whatever its
    name.  Floats are real numbers: an integer input gets them by its scale and zero point.

    Returns the inputs' tensor names in the model's order and the number of samples; raises
    :class:`SamplesError`.
    """
    import numpy as np

    if source.is_dir():
        try:
            found = load_inputs(str(source), model)
        except InputsError as error:
            raise SamplesError(str(error)) from None
    else:
        found = _of_file(np, source, model)
    found = {
        tensor.name: _as_input(np, found[tensor.name], tensor, source)[:MOST_SAMPLES]
        for tensor in model.main.inputs
    }
    counts = {len(array) for array in found.values()}
    if len(counts) != 1 or 0 in counts:
        raise SamplesError(f"{source}: the inputs need equally many samples, at least one: {sorted(counts)}")
    np.savez(target, **found)
    return [tensor.name for tensor in model.main.inputs], counts.pop()


def _of_file(np: Any, source: Path, model: Model) -> dict[str, Any]:
    inputs = model.main.inputs
    signatures = {tensor: name for signature in model.signatures for name, tensor in signature.inputs}
    try:
        with np.load(source, allow_pickle=False) as arrays:
            if not hasattr(arrays, "files"):
                raise SamplesError(f"{source}: a single array; save an .npz by input name")
            found = {}
            for tensor in inputs:
                names = [tensor.name, signatures.get(tensor, tensor.name)]
                name = next((name for name in names if name in arrays.files), None)
                if name is None and len(inputs) == len(arrays.files) == 1:
                    name = arrays.files[0]
                if name is None:
                    raise SamplesError(
                        f"{source}: no array for input '{tensor.name}'; it has {sorted(arrays.files)}"
                    )
                found[tensor.name] = arrays[name]
    except (OSError, ValueError, EOFError) as error:
        raise SamplesError(f"{source}: {error}") from None
    return found


def _as_input(np: Any, array: Any, tensor: Tensor, source: Path) -> Any:
    elements = int(np.prod(tensor.shape))
    if not elements or array.size % elements:
        raise SamplesError(
            f"{source}: input '{tensor.name}' needs shape {list(tensor.shape)} a sample, not {list(array.shape)}"
        )
    array = array.reshape((-1, *tensor.shape))
    dtype = np.dtype({"FLOAT32": "float32"}.get(tensor.dtype, tensor.dtype.lower()))
    if np.issubdtype(array.dtype, np.floating) and np.issubdtype(dtype, np.integer):
        scales = tensor.quantization.scales if tensor.quantization else ()
        if len(scales) != 1:
            raise SamplesError(
                f"{source}: input '{tensor.name}' is {tensor.dtype} without a scale; give integers"
            )
        points = tensor.quantization.zero_points if tensor.quantization else ()
        limits = np.iinfo(dtype)
        array = np.clip(np.round(array / scales[0]) + (points[0] if points else 0), limits.min, limits.max)
    return array.astype(dtype)

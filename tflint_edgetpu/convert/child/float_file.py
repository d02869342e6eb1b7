"""A float .tflite: only its inputs are of interest here, another quantizer works on it."""

from __future__ import annotations

from typing import Any

from ...model.graph import Model
from ...model.reader import read_model
from ..calibration.request import InputSpec
from ..errors import CannotConvert
from ..source import Source
from .load import Loaded


def load_float_model(source: Source) -> Loaded:
    """The inputs and outputs of the file; raises CannotConvert where it has a size that is open beside the batch."""
    model = read_model(source.path)
    try:
        for tensor in model.main.inputs:
            if any(size < 0 for size in tensor.signature[1:]):
                raise CannotConvert(
                    f"input '{tensor.name}' has sizes that are open, and the Edge TPU needs fixed ones: convert from "
                    "the model it was made from, with --shape"
                )
        outputs = tuple(name for name, _ in _names(model, "outputs"))
        return Loaded(
            None, None, model.signatures[0].key if model.signatures else "", specs_of(model), outputs, model.size, None,
            (), (), (),
        )  # fmt: skip
    finally:
        model.close()


def specs_of(model: Model) -> tuple[InputSpec, ...]:
    """The inputs of a .tflite by the names of its signature, batch 1."""
    shapes = dict(_names(model, "inputs"))
    return tuple(InputSpec(name, tensor.shape, tensor.dtype.lower()) for name, tensor in shapes.items())


def _names(model: Model, side: str) -> list[tuple[str, Any]]:
    tensors = getattr(model.main, side)
    names = {tensor: tensor.name for tensor in tensors}
    for signature in model.signatures:
        if signature.subgraph == 0:
            names.update((tensor, name) for name, tensor in getattr(signature, side) if tensor in names)
    return [(name, tensor) for tensor, name in names.items()]

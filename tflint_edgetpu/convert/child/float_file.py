"""A float .tflite: only its inputs are of interest here, another quantizer works on it."""

from __future__ import annotations

from ...model.graph import Model
from ...model.reader import read_model
from ..calibration.request import InputSpec
from ..errors import CannotConvert
from ..source import Source
from .loaded import Loaded


def load_float_model(source: Source) -> Loaded:
    """The inputs of the file; raises CannotConvert where it has a size that is open beside the batch."""
    model = read_model(source.path)
    try:
        for tensor in model.main.inputs:
            if any(size < 0 for size in tensor.signature[1:]):
                raise CannotConvert(
                    f"input '{tensor.name}' has sizes that are open, and the Edge TPU needs fixed ones: convert from "
                    "the model it was made from, with --shape"
                )
        key = model.signatures[0].key if model.signatures else ""
        return Loaded(None, None, key, specs_of(model), model.size, None, (), (), ())
    finally:
        model.close()


def specs_of(model: Model) -> tuple[InputSpec, ...]:
    """The inputs of a .tflite by the names of its signature, batch 1."""
    names = {tensor: tensor.name for tensor in model.main.inputs}
    for signature in model.signatures:
        if signature.subgraph == 0:
            names.update((tensor, name) for name, tensor in signature.inputs if tensor in names)
    return tuple(InputSpec(name, tensor.shape, tensor.dtype.lower()) for tensor, name in names.items())

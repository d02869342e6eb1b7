"""The types of inputs and outputs of a model that another quantizer made: int8, until asked otherwise."""

from __future__ import annotations

from ..fix.edit import EditRefused
from ..fix.edits.flip_signedness import flip_input, flip_output
from ..fix.tree import Tree
from ..model.reader import read_model
from .errors import CannotConvert
from .recipe import AS_IN_SOURCE


def check_types(input_type: str, output_type: str) -> None:
    """Raises CannotConvert for types that a model of another quantizer cannot be given."""
    for wanted, known in ((input_type, ("int8", "uint8", AS_IN_SOURCE)), (output_type, ("int8", "uint8"))):
        if wanted not in known:
            raise CannotConvert(
                f"a quantized float .tflite has int8 or uint8 inputs and outputs, not {wanted}"
            )


def with_types(data: bytes, input_type: str, output_type: str) -> bytes:
    """The model with int8 or uint8 inputs and outputs; raises CannotConvert where they cannot be turned."""
    model = read_model(data)
    tree = Tree(data)
    try:
        for tensors, flip, wanted in (
            (model.main.inputs, flip_input, input_type),
            (model.main.outputs, flip_output, output_type),
        ):
            for tensor in tensors:
                if wanted == "uint8" and tensor.dtype == "INT8":
                    flip(tree, tensor.ref, {})
    except EditRefused as refusal:
        raise CannotConvert(f"its inputs and outputs cannot be made uint8: {refusal}") from None
    return tree.pack()

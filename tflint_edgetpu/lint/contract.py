"""The contract card: what the application has to feed, what it gets, and the lines of code for each.

Every integer input and output means real numbers, ``real = (q - zero_point) * scale``.  Users lose days
because an application divides by 255 twice or takes a quantized score for a probability.  The lines use
positions, never names: a name is hostile text.
"""

from __future__ import annotations

from typing import Any

from ..model.dataflow import Dataflow
from ..model.graph import Model, Tensor
from ..model.record import NamedTuple
from .conversion import (
    affine,
    float_shortcut,
    is_channels_first,
    is_image,
    output_lines,
    pixel_shortcut,
    quantize_line,
    real_range,
)
from .detection import SLOTS
from .roles import Role, output_roles


class Side(NamedTuple):
    """One input or output."""

    name: str
    ref: str
    shape: tuple[int, ...]  # -1 where a size is only known at run time
    dtype: str
    scale: float | None
    zero_point: int | None
    low: float | None  # the real numbers its integers can hold, or those of its QUANTIZE or DEQUANTIZE
    high: float | None
    role: str | None  # image, boxes, classes, scores, count, raw YOLO, probabilities, mask ...
    certainty: str | None  # of the role
    code: str  # Python to paste; empty where there is nothing to convert or to say

    def to_dict(self) -> dict[str, Any]:
        return {**self._asdict(), "shape": list(self.shape)}


class Contract(NamedTuple):
    inputs: tuple[Side, ...]
    outputs: tuple[Side, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "inputs": [side.to_dict() for side in self.inputs],
            "outputs": [side.to_dict() for side in self.outputs],
        }


def contract(model: Model, dataflow: Dataflow | None = None) -> Contract:
    """The contract of the main subgraph, of a compiled file as well."""
    dataflow = dataflow or Dataflow(model.main)
    roles = output_roles(model, dataflow)
    main = model.main
    return Contract(
        tuple(_input(number, tensor, dataflow) for number, tensor in enumerate(main.inputs)),
        tuple(
            _output(number, tensor, roles.get(tensor), dataflow) for number, tensor in enumerate(main.outputs)
        ),
    )


def _side(tensor: Tensor, inner: Tensor | None, role: str | None, certainty: str | None, code: str) -> Side:
    scale, point = affine(tensor) or (None, None)
    low, high = real_range(inner or tensor) or (None, None)
    return Side(
        tensor.name, tensor.ref, tensor.signature, tensor.dtype, scale, point, low, high, role, certainty, code
    )  # fmt: skip


def _input(number: int, tensor: Tensor, dataflow: Dataflow) -> Side:
    image = is_image(tensor)
    readers = dataflow.consumers(tensor)
    inner = None
    if tensor.dtype == "FLOAT32" and len(readers) == 1 and readers[0].kind == "QUANTIZE":
        inner = readers[0].output()
    lines = []
    line = quantize_line(tensor, f"x{number}", f"q{number}")
    if line:
        lines = [line, f"interpreter.set_tensor(input_details[{number}]['index'], q{number})"]
    if image:
        lines.append(float_shortcut(inner) if inner is not None else pixel_shortcut(tensor))
        if is_channels_first(tensor):
            lines.append("# channels first: pixels.transpose(2, 0, 1)[None]")
    code = "\n".join(filter(None, lines))
    return _side(tensor, inner, "image" if image else None, "guess" if image else None, code)


def _output(number: int, tensor: Tensor, role: Role | None, dataflow: Dataflow) -> Side:
    producer = dataflow.producer(tensor)
    inner = producer.input(0) if producer is not None and producer.kind == "DEQUANTIZE" else None
    word = role.word if role else None
    lines = []
    if word in SLOTS:
        lines.append(output_lines(tensor, number, word))
    elif affine(tensor) is not None:
        lines.append(output_lines(tensor, number, f"y{number}"))
    if role and role.note:
        lines.append(f"# {role.note}")
    if word == "classes" and affine(tensor) is not None:
        lines.append("# quantized: np.rint(classes) before int(), which cuts off")
    return _side(tensor, inner, word, role.certainty if role else None, "\n".join(lines))

"""The contract card: what the application has to feed, what it gets, and the line of code for each.

Every integer input and output means real numbers, ``real = (q - zero_point) * scale``.  Users lose days
because an application divides by 255 twice or takes a quantized score for a probability.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator, Tensor
from .detection import find_detection
from .yolo import find_yolo_head

LIMITS = {"INT8": (-128, 127), "UINT8": (0, 255), "INT16": (-32768, 32767)}


class Side(NamedTuple):
    """One input or output."""

    name: str
    ref: str
    shape: tuple[int, ...]  # -1 where a size is only known at run time
    dtype: str
    scale: float | None
    zero_point: int | None
    low: float | None  # the real numbers its integers can hold
    high: float | None
    role: str | None  # image, boxes, classes, scores, count, probabilities, ...
    certainty: str | None  # of the role
    code: str  # Python to paste; empty where there is nothing to convert

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
    roles = _roles(model, dataflow)
    inputs = tuple(_input(number, tensor) for number, tensor in enumerate(model.main.inputs))
    outputs = tuple(
        _output(number, tensor, *roles.get(tensor, (None, None)))
        for number, tensor in enumerate(model.main.outputs)
    )
    return Contract(inputs, outputs)


def real_range(tensor: Tensor) -> tuple[float, float] | None:
    """The real numbers a per-tensor quantized tensor can hold."""
    quantization = tensor.quantization
    if quantization is None or len(quantization.scales) != 1 or tensor.dtype not in LIMITS:
        return None
    low, high = LIMITS[tensor.dtype]
    return (
        (low - quantization.zero_point) * quantization.scale,
        (high - quantization.zero_point) * quantization.scale,
    )


def is_image(tensor: Tensor) -> bool:
    """[batch, height, width, channels] with one, three or four channels."""
    shape = tensor.shape
    return len(shape) == 4 and shape[3] in (1, 3, 4) and min(shape[1:3]) >= 8


def _side(tensor: Tensor, role: str | None, certainty: str | None, code: str) -> Side:
    quantization = tensor.quantization
    one = quantization if quantization is not None and len(quantization.scales) == 1 else None
    low, high = real_range(tensor) or (None, None)
    return Side(
        tensor.name,
        tensor.ref,
        tensor.signature,
        tensor.dtype,
        one.scale if one else None,
        one.zero_point if one else None,
        low,
        high,
        role,
        certainty,
        code,
    )


def _input(number: int, tensor: Tensor) -> Side:
    role = "image" if is_image(tensor) else None
    return _side(tensor, role, "guess" if role else None, _input_code(number, tensor))


def _input_code(number: int, tensor: Tensor) -> str:
    span = real_range(tensor)
    if span is None or tensor.quantization is None:
        return ""
    scale, point = tensor.quantization.scale, tensor.quantization.zero_point
    low, high = LIMITS[tensor.dtype]
    kind = tensor.dtype.lower()
    line = f"q{number} = np.clip(np.round(x{number} / {scale!r}) {_signed(point)}, {low}, {high}).astype(np.{kind})"
    if is_image(tensor):
        note = _pixel_shortcut(tensor.dtype, scale, point, span)
        if note:
            line += f"\n{note}"
    return line


def _signed(number: int) -> str:
    """``+ 3`` or ``- 3``, to stand between two terms."""
    return f"- {-number}" if number <= 0 else f"+ {number}"


def _pixel_shortcut(dtype: str, scale: float, point: int, span: tuple[float, float]) -> str:
    """What quantizing an 8-bit picture comes down to, where it comes down to something."""
    unsigned = point + (128 if dtype == "INT8" else 0)
    what = (
        "pixels.astype(np.uint8)" if dtype == "UINT8" else "(pixels.astype(np.int16) - 128).astype(np.int8)"
    )
    if dtype not in ("INT8", "UINT8"):
        return ""
    if abs(scale - 1 / 255) < 1e-4 and unsigned == 0:
        return f"# trained on 0..1: the same as {what}; do not divide by 255 again"
    if abs(scale - 2 / 255) < 2e-4 and unsigned in (127, 128):
        return f"# trained on -1..1: the same as {what}; do not normalize again"
    if abs(scale - 1.0) < 4e-3 and abs(span[0]) < 1 and unsigned == 0:
        return f"# takes pixels as they are, 0..255: {what}"
    return ""


def _output(number: int, tensor: Tensor, role: str | None, certainty: str | None) -> Side:
    quantization = tensor.quantization
    code = ""
    if quantization is not None and len(quantization.scales) == 1 and tensor.dtype in LIMITS:
        code = f"y{number} = (q{number}.astype(np.float32) {_signed(-quantization.zero_point)}) * {quantization.scale!r}"
    if role == "boxes":
        code += (
            "\n" if code else ""
        ) + "# rows of ymin, xmin, ymax, xmax in 0..1: times height, width of the picture"
    return _side(tensor, role, certainty, code)


def _roles(model: Model, dataflow: Dataflow) -> dict[Tensor, tuple[str | None, str | None]]:
    """What each output is, where that can be known."""
    roles: dict[Tensor, tuple[str | None, str | None]] = {}
    detection = find_detection(model, dataflow)
    if detection is not None:
        for output in detection.outputs:
            roles[output.tensor] = output.role, "documented"
    head = find_yolo_head(model.main)
    if head is not None and head.tensor not in roles:
        roles[head.tensor] = f"raw YOLO head {head.layout}", "measured"
    for tensor in model.main.outputs:
        if tensor not in roles:
            role = _role_of(tensor, dataflow)
            if role is not None:
                roles[tensor] = role, "guess"
    return roles


def _role_of(tensor: Tensor, dataflow: Dataflow) -> str | None:
    """The role that the last operator which computes gives away."""
    producer: Operator | None = dataflow.producer(tensor)
    for _ in range(8):
        if producer is None:
            return None
        if producer.kind in ("QUANTIZE", "DEQUANTIZE", "RESHAPE", "SQUEEZE"):
            producer = dataflow.producer(producer.input(0))
            continue
        break
    if producer is None:
        return None
    if producer.kind == "SOFTMAX":
        return "probabilities" if len(tensor.shape) <= 2 else "probabilities along the last axis"
    if producer.kind == "LOGISTIC":
        return "values in 0..1, each for itself"
    if producer.kind in ("ARG_MAX", "ARG_MIN"):
        return "class indices"
    if producer.kind == "FULLY_CONNECTED":
        return "logits or features: no activation behind the last dense layer"
    if producer.kind == "L2_NORMALIZATION":
        return "an embedding of length 1"
    return None

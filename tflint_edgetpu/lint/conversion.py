"""Between the integers of an input or output and the real numbers they mean: ``real = (q - zero_point) * scale``.

As numbers, and as lines of Python to paste.  Names of tensors never get into those lines.
"""

from __future__ import annotations

from math import isfinite

from ..model.graph import Tensor

LIMITS = {"INT8": (-128, 127), "UINT8": (0, 255), "INT16": (-32768, 32767)}
# A side shorter than this is no picture. One channel alone says little: audio features have that shape too.
SHORTEST_SIDE = 8
SHORTEST_GRAY_SIDE = 16
LONGEST_GRAY_SIDE = 4  # times the shorter one


def affine(tensor: Tensor) -> tuple[float, int] | None:
    """Scale and zero point; ``None`` without a per-tensor quantization that can be computed with."""
    quantization = tensor.quantization
    if quantization is None or len(quantization.scales) != 1 or tensor.dtype not in LIMITS:
        return None
    scale = quantization.scale
    return (scale, quantization.zero_point) if isfinite(scale) and scale > 0 else None


def real_range(tensor: Tensor) -> tuple[float, float] | None:
    """The real numbers that the lowest and the highest integer of the tensor stand for."""
    parameters = affine(tensor)
    if parameters is None:
        return None
    scale, point = parameters
    low, high = LIMITS[tensor.dtype]
    return (low - point) * scale, (high - point) * scale


def quantize_line(tensor: Tensor, real: str = "x", quantized: str = "q") -> str:
    """The line that turns real numbers into the tensor's integers; empty where it takes none."""
    parameters = affine(tensor)
    if parameters is None:
        return ""
    scale, point = parameters
    low, high = LIMITS[tensor.dtype]
    offset = f"- {-point}" if point < 0 else f"+ {point}"
    kind = tensor.dtype.lower()
    return f"{quantized} = np.clip(np.round({real} / {scale!r}) {offset}, {low}, {high}).astype(np.{kind})"


def dequantize_line(tensor: Tensor, real: str = "y", quantized: str = "q") -> str:
    """The line that turns the tensor's integers into real numbers; empty where it holds none.

    The subtraction is made in float: in the tensor's own 8 bits it would wrap.
    """
    parameters = affine(tensor)
    if parameters is None:
        return ""
    scale, point = parameters
    offset = f"+ {-point}" if point < 0 else f"- {point}"
    return f"{real} = ({quantized}.astype(np.float32) {offset}) * {scale!r}"


def output_lines(tensor: Tensor, number: int, real: str) -> str:
    """The lines that fetch output ``number`` of an interpreter as the real numbers ``real``."""
    get = f"interpreter.get_tensor(output_details[{number}]['index'])"
    line = dequantize_line(tensor, real, f"q{number}")
    return f"q{number} = {get}\n{line}" if line else f"{real} = {get}"


def is_image(tensor: Tensor) -> bool:
    """One picture: [1, height, width, channels] with 1, 3 or 4 channels, or [1, 3, height, width]."""
    shape = tensor.shape
    if len(shape) != 4 or shape[0] > 1:
        return False
    if is_channels_first(tensor):
        return True
    short, long = sorted(shape[1:3])
    if shape[3] == 1:
        return short >= SHORTEST_GRAY_SIDE and long <= LONGEST_GRAY_SIDE * short
    return shape[3] in (3, 4) and short >= SHORTEST_SIDE


def is_channels_first(tensor: Tensor) -> bool:
    """[batch, 3, height, width], as PyTorch exports it."""
    shape = tensor.shape
    return len(shape) == 4 and shape[1] == 3 and min(shape[2:]) >= SHORTEST_GRAY_SIDE


def pixel_range(tensor: Tensor) -> str | None:
    """The usual range that the quantized pixels of a picture stand for: ``0..1``, ``-1..1`` or ``0..255``.

    Tolerances are a fraction of a step over all 256 values: calibration sees almost the whole range.
    """
    parameters = affine(tensor)
    if parameters is None or tensor.dtype not in ("INT8", "UINT8"):
        return None
    scale, point = parameters
    first = point + (128 if tensor.dtype == "INT8" else 0)  # the zero point as uint8 would have it
    if abs(scale * 255 - 1) < 0.01 and first == 0:
        return "0..1"
    if abs(scale * 255 - 2) < 0.02 and first in (127, 128):
        return "-1..1"
    return "0..255" if abs(scale - 1) < 0.004 and first == 0 else None


def pixel_shortcut(tensor: Tensor) -> str:
    """What quantizing the 8-bit pixels of a picture comes down to; empty where it is nothing simple."""
    inside = pixel_range(tensor)
    if inside is None:
        return ""
    unsigned = tensor.dtype == "UINT8"
    pixels = "pixels" if unsigned else "(pixels.astype(np.int16) - 128).astype(np.int8)"
    feed = "raw 0..255 uint8 pixels" if unsigned else "pixel - 128"
    tail = {
        "0..1": "; do not divide by 255 again",
        "-1..1": " (at most 1 step off); do not normalize again",
        "0..255": "",
    }[inside]
    return f"# {inside} inside: feed {feed}, q = {pixels}{tail}"


def float_shortcut(quantized: Tensor) -> str:
    """How to bring pixels to the range of a float input whose QUANTIZE gives ``quantized``."""
    inside = pixel_range(quantized)
    how = {"0..1": "pixels / 255", "-1..1": "pixels / 127.5 - 1", "0..255": "pixels"}
    return f"# calibrated for {inside}: x = {how[inside]}, as float32" if inside else ""

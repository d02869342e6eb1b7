"""What is asked of calibration data, as plain values that travel to a child process as JSON."""

from __future__ import annotations

from typing import NamedTuple

from .errors import CalibrationError

KINDS = ("images", "arrays", "tfrecord", "function", "random")
RESIZES = ("stretch", "crop", "letterbox")
CHANNELS = ("rgb", "bgr")
NO_RANGE = (
    "images need the range of pixels that the model was trained on: "
    "--value-range -1,1 | 0,1 | 0,255 | mean=..,std=.."
)


class InputSpec(NamedTuple):
    """One input of the model, as the signature calls it."""

    name: str
    shape: tuple[int, ...]  # with the batch, 1
    dtype: str  # numpy's name of it: float32, uint8, int32 ...


class CalibrationRequest(NamedTuple):
    """Where the data is and how an image becomes an input."""

    kind: str  # one of KINDS
    source: str  # path, or module:function; empty for random data
    samples: int = 200
    held_back: int = 32
    seed: int = 20210703
    value_range: str = ""  # '-1,1', '0,1', '0,255', 'mean=..,std=..'; images need one
    channels: str = "rgb"
    resize: str = "stretch"
    trust_source: bool = False  # a function is the user's code


def check(request: CalibrationRequest) -> None:
    """Raise :class:`CalibrationError` for the first value that makes no sense."""
    from .values import parse_values

    for name, value, allowed in (
        ("kind", request.kind, KINDS),
        ("resize", request.resize, RESIZES),
        ("channels", request.channels, CHANNELS),
    ):
        if value not in allowed:
            raise CalibrationError(f"{name} must be one of {', '.join(allowed)}, not '{value}'")
    if request.samples < 1:
        raise CalibrationError(f"--samples: at least 1, not {request.samples}")
    if request.held_back < 0:
        raise CalibrationError(f"held-back samples: a number from 0 on, not {request.held_back}")
    if request.value_range:
        parse_values(request.value_range)
    elif request.kind == "images":
        raise CalibrationError(NO_RANGE)

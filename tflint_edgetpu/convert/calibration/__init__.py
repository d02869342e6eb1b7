"""Calibration data: what the converter watches a float model compute, to choose the integer ranges.

Only numbers need numpy: what is asked for can be read without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import CalibrationError
from .request import CalibrationRequest, InputSpec

if TYPE_CHECKING:
    from .data import Calibration, open_calibration

__all__ = ["Calibration", "CalibrationError", "CalibrationRequest", "InputSpec", "open_calibration"]


def __getattr__(name: str) -> Any:
    if name in ("Calibration", "open_calibration"):
        from . import data

        return getattr(data, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

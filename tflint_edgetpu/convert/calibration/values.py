"""From pixels, 0..255, to the numbers a model was trained on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import CalibrationError

if TYPE_CHECKING:
    import numpy as np


class PixelValues(NamedTuple):
    """``value = (pixel - mean) / std``, pixels from 0 to 255; one number, or one a channel."""

    mean: tuple[float, ...]
    std: tuple[float, ...]
    limits: tuple[float, float] | None  # announced as a range; None: as mean and std
    unit_scale: bool = False  # mean and std were given for pixels from 0 to 1

    def apply(self, pixels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """``pixels`` with the channels last, as float32."""
        import numpy as np

        channels = pixels.shape[-1]
        for name, values in (("mean", self.mean), ("std", self.std)):
            if len(values) not in (1, channels):
                raise CalibrationError(
                    f"{name} has {len(values)} numbers, the model's input {channels} channels"
                )
        mean, std = np.array(self.mean, np.float32), np.array(self.std, np.float32)
        scaled: np.ndarray[Any, Any] = (pixels.astype(np.float32) - mean) / std
        return scaled


def parse_values(text: str) -> PixelValues:
    """``'-1,1'``, ``'0,1'``, ``'0,255'`` or ``'mean=..,std=..'``; raises :class:`CalibrationError`.

    A mean and a std of at most 1 are for pixels from 0 to 1, as torchvision writes them.
    """
    compact = text.replace(" ", "")
    if compact.startswith("mean="):
        mean_text, found, std_text = compact[len("mean=") :].partition("std=")
        if not found:
            raise CalibrationError(f"value range '{text}': a mean needs a std, as in mean=127.5,std=127.5")
        mean, std = _numbers(mean_text.rstrip(",;"), text), _numbers(std_text, text)
        if any(value <= 0 for value in std):
            raise CalibrationError(f"value range '{text}': a std must be above 0")
        unit = all(abs(value) <= 1 for value in (*mean, *std))
        factor = 255.0 if unit else 1.0
        return PixelValues(
            tuple(value * factor for value in mean), tuple(value * factor for value in std), None, unit
        )
    numbers = _numbers(compact, text)
    if len(numbers) != 2 or numbers[0] >= numbers[1]:
        raise CalibrationError(f"value range '{text}': say -1,1 or 0,1 or 0,255 or mean=..,std=..")
    low, high = numbers
    std_of_range = 255.0 / (high - low)
    return PixelValues((0.0 - low * std_of_range,), (std_of_range,), (low, high))  # 0.0 -: no minus zero


def _numbers(text: str, whole: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise CalibrationError(f"value range '{whole}': '{text}' is no list of numbers") from None
    if not all(map(math.isfinite, numbers)):
        raise CalibrationError(f"value range '{whole}': numbers must be finite")
    return numbers

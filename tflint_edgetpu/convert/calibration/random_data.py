"""Random numbers in place of data. The ranges they show are those of noise: good for trying, not for use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .request import CalibrationRequest, InputSpec
from .sample import Sample
from .values import parse_values

# Indices and counts are small: an embedding may have few rows.
_HIGHEST_INDEX = 8


class RandomSamples:
    """Uniform numbers: over the announced range, -1 to 1 without one; all values of a byte; small indices."""

    shuffled = True

    def __init__(self, request: CalibrationRequest, inputs: Sequence[InputSpec]) -> None:
        self._inputs = inputs
        self._count = request.samples + request.held_back
        self._seed = request.seed
        values = parse_values(request.value_range) if request.value_range else None
        self._limits = (values.limits if values else None) or (-1.0, 1.0)
        self.notes = [
            "the calibration data is random: the integer ranges fit noise, not what the model will see; calibrate "
            "again with real samples before you use the model"
        ]

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Sample:
        generator = np.random.default_rng([self._seed, number])
        sample = {}
        values: np.ndarray[Any, Any]
        for spec in self._inputs:
            dtype = np.dtype(spec.dtype)
            if dtype.kind == "f":
                values = generator.uniform(*self._limits, spec.shape)
            elif dtype.kind == "b":
                values = generator.integers(0, 2, spec.shape)
            elif dtype.itemsize == 1:
                limits = np.iinfo(spec.dtype)
                values = generator.integers(limits.min, limits.max + 1, spec.shape)
            else:
                values = generator.integers(0, _HIGHEST_INDEX, spec.shape)
            sample[spec.name] = values.astype(dtype)
        return sample

    def label(self, number: int) -> str:
        return f"random sample {number}"

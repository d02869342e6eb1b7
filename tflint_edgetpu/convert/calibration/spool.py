"""Samples that come once and in order, kept in a file so that they can be given again and in any order."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence

import numpy as np

from .request import InputSpec
from .sample import Sample


class Spool:
    """Fixed-size samples in an unnamed temporary file: memory stays small however many there are."""

    def __init__(self, inputs: Sequence[InputSpec]) -> None:
        self._inputs = inputs
        self._sizes = [int(np.prod(spec.shape)) * np.dtype(spec.dtype).itemsize for spec in inputs]
        self._file = tempfile.TemporaryFile(prefix="tflint-edgetpu-")  # noqa: SIM115 - it lives as long as this
        self._count = 0

    def add(self, sample: Sample) -> None:
        self._file.seek(self._count * sum(self._sizes))
        for spec in self._inputs:
            self._file.write(sample[spec.name].tobytes())
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Sample:
        self._file.seek(number * sum(self._sizes))
        return {
            spec.name: np.frombuffer(self._file.read(size), dtype=spec.dtype).reshape(spec.shape)
            for spec, size in zip(self._inputs, self._sizes, strict=True)
        }

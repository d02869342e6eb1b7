"""The values calibration gave, and those the model was made for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ...lint.conversion import real_range
from ...model.dataflow import Dataflow
from ...model.graph import Model, Operator, Tensor
from .errors import CalibrationError
from .request import InputSpec
from .values import parse_values

# Pixel ranges people use, by their ends. A model that maps one of the first onto one of the others does its
# own preprocessing.
_PIXELS = (0.0, 255.0)
_NORMALIZED = ((-1.0, 1.0), (0.0, 1.0), (-0.5, 0.5))
# A range is taken for another one when its ends are this near, as a part of the width.
_NEAR = 0.02
# How much wider or narrower a seen range may be before it is worth a line: a guess. A wrong unit (0..255 for
# 0..1) is a factor of 128 or more, a wrong offset (0..1 for -1..1) a factor of 2.
_WIDER, _NARROWER = 1.5, 0.55


class Ranges:
    """Lowest and highest value of each input, and whether the samples differ at all."""

    def __init__(self, inputs: Sequence[InputSpec]) -> None:
        self._inputs = inputs
        self._low: dict[str, float] = {}
        self._high: dict[str, float] = {}
        self._first: dict[str, np.ndarray[Any, Any]] = {}
        self._varies = False
        self._samples = 0

    def add(self, sample: Mapping[str, np.ndarray[Any, Any]], label: str) -> None:
        """Note the values of one sample; raises :class:`CalibrationError` for what is no number."""
        self._samples += 1
        for name, values in sample.items():
            low, high = float(values.min()), float(values.max())
            if not (np.isfinite(low) and np.isfinite(high)):
                raise CalibrationError(f"{label}: input '{name}' holds values that are no finite numbers")
            self._low[name] = min(low, self._low.get(name, low))
            self._high[name] = max(high, self._high.get(name, high))
            first = self._first.setdefault(name, values)
            self._varies = self._varies or not np.array_equal(first, values)

    def as_dict(self) -> dict[str, tuple[float, float]]:
        return {name: (low, self._high[name]) for name, low in self._low.items()}

    def notes(self) -> list[str]:
        if self._samples > 1 and not self._varies:
            return [
                f"all {self._samples} samples are the same: the ranges of a single one are no calibration"
            ]
        constant = [name for name, (low, high) in self.as_dict().items() if low == high]
        return [
            f"input '{name}' is {self._low[name]:g} everywhere: it calibrates nothing" for name in constant
        ]


def announced_range_notes(seen: Mapping[str, tuple[float, float]], value_range: str) -> list[str]:
    """Sentences where ready-made arrays do not have the range that was announced for them."""
    limits = parse_values(value_range).limits if value_range else None
    return [] if limits is None else [
        _disagreement(name, found, limits, "was announced")
        for name, found in seen.items()
        if _disagree(found, limits)
    ]  # fmt: skip


def model_range_notes(seen: Mapping[str, tuple[float, float]], model: Model) -> list[str]:
    """Sentences where the seen range is not the one ``model`` tells of: that of a quantized input, or that of
    preprocessing inside the model.  ``seen`` is by signature input name, or by tensor name."""
    notes = []
    for tensor, wanted, why in model_ranges(model):
        found = next((seen[name] for name in input_names(model, tensor) if name in seen), None)
        if found is not None and _disagree(found, wanted):
            notes.append(_disagreement(tensor.name, found, wanted, why))
    return notes


def input_names(model: Model, tensor: Tensor) -> list[str]:
    """What an input may be called: by the signatures, and as a tensor."""
    names = [name for s in model.signatures for name, entry in s.inputs if entry is tensor]
    return [*names, tensor.name]


def model_ranges(model: Model) -> Iterator[tuple[Tensor, tuple[float, float], str]]:
    """Each input that tells its range: tensor, real range, where that is written."""
    dataflow = Dataflow(model.main)
    for tensor in model.main.inputs:
        inside = _preprocessing_range(model, dataflow, tensor)
        if inside is not None:
            yield tensor, inside, "is what the model's own preprocessing is made for"
            continue
        quantized = tensor
        readers = dataflow.consumers(tensor)
        if tensor.quantization is None and len(readers) == 1 and readers[0].kind == "QUANTIZE":
            quantized = readers[0].outputs[0]
        limits = real_range(quantized)
        if limits is not None:
            yield tensor, limits, "is the range of the model's quantized input"


def _preprocessing_range(model: Model, dataflow: Dataflow, tensor: Tensor) -> tuple[float, float] | None:
    """0..255 where the first operators turn pixels into a normalized range (Rescaling, Normalization)."""
    factor, offset = 1.0, 0.0
    current, changed = tensor, False
    for _ in range(6):  # QUANTIZE, CAST and three steps of arithmetic are the most that layers make
        readers = dataflow.consumers(current)
        if len(readers) != 1 or not readers[0].outputs:
            break
        operator = readers[0]
        if operator.kind not in ("QUANTIZE", "DEQUANTIZE", "CAST"):
            step = _arithmetic(model, operator, current)
            if step is None:
                break
            factor, offset, changed = factor * step[0], offset * step[0] + step[1], True
        current = operator.outputs[0]
    if not changed or factor <= 0:
        return None
    low, high = (factor * end + offset for end in _PIXELS)
    # mean and standard deviation of a data set put pixels somewhere within -3..3 and on both sides of 0
    made_for_pixels = any(_near((low, high), known) for known in _NORMALIZED) or (-3 <= low < 0 < high <= 3)
    return _PIXELS if made_for_pixels and factor < 0.1 else None


def _arithmetic(model: Model, operator: Operator, current: Tensor) -> tuple[float, float] | None:
    """``(factor, offset)`` of an operator that computes ``current * factor + offset`` with constants."""
    others = [tensor for tensor in operator.inputs if tensor is not None and tensor is not current]
    if len(others) != 1 or operator.option("fused_activation_function", 0) not in (0, "NONE"):
        return None
    constant = _mean_of_constant(model, others[0])
    if constant is None:
        return None
    first = operator.inputs[0] is current
    if operator.kind == "MUL":
        return constant, 0.0
    if operator.kind == "ADD":
        return 1.0, constant
    if operator.kind == "SUB" and first:
        return 1.0, -constant
    if operator.kind == "DIV" and first and constant:
        return 1.0 / constant, 0.0
    return None


def _mean_of_constant(model: Model, tensor: Tensor) -> float | None:
    """The mean over the channels of a constant with at most a few elements, as a real number."""
    values = model.values(tensor, limit=8)
    if not values or tensor.dtype not in ("FLOAT32", "INT8", "UINT8"):
        return None
    mean = float(sum(values)) / len(values)
    if tensor.dtype == "FLOAT32":
        return mean
    quantization = tensor.quantization
    if quantization is None or quantization.per_channel:
        return None
    return quantization.scale * (mean - quantization.zero_point)


def _near(found: tuple[float, float], known: tuple[float, float]) -> bool:
    width = known[1] - known[0]
    return all(abs(a - b) <= _NEAR * width for a, b in zip(found, known, strict=True))


def _disagree(found: tuple[float, float], wanted: tuple[float, float]) -> bool:
    """Whether ``found`` is so much wider or narrower than ``wanted`` that one of them is the wrong unit."""
    width, seen = wanted[1] - wanted[0], found[1] - found[0]
    outside = max(wanted[0] - found[0], found[1] - wanted[1], 0.0)
    return seen > _WIDER * width or seen < _NARROWER * width or outside > (_WIDER - 1) * width


def _disagreement(name: str, found: tuple[float, float], wanted: tuple[float, float], why: str) -> str:
    return (
        f"input '{name}': calibration gave values from {found[0]:.4g} to {found[1]:.4g}, but "
        f"{wanted[0]:.4g} to {wanted[1]:.4g} {why}"
    )

"""Arrays of a user as samples of a model's inputs: names, shapes, types."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from .errors import CalibrationError
from .request import InputSpec

Array = np.ndarray[Any, Any]


def plain_name(name: str) -> str:
    """``x`` for ``serving_default_x:0``: exporters decorate the names of a signature."""
    return name.removeprefix("serving_default_").partition(":")[0]


def match_names(found: Collection[str], inputs: Sequence[InputSpec], where: str) -> dict[str, str]:
    """Input name -> name among ``found``; raises :class:`CalibrationError` where one is missing.

    A single array fits a single input, whatever it is called.
    """
    if len(inputs) == 1 and len(found) == 1:
        return {inputs[0].name: next(iter(found))}
    by_plain = {plain_name(name): name for name in found}
    matched = {}
    for spec in inputs:
        name = spec.name if spec.name in found else by_plain.get(plain_name(spec.name))
        if name is None:
            raise CalibrationError(
                f"{where}: nothing for input '{spec.name}'; it has {_listed(found)}, "
                f"the model wants {_listed([other.name for other in inputs])}"
            )
        matched[spec.name] = name
    return matched


def _listed(names: Collection[str]) -> str:
    shown = [f"'{name}'" for name in sorted(names)[:6]]
    return ", ".join(shown) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def elements(spec: InputSpec) -> int:
    count = 1
    for size in spec.shape:
        count *= size
    return count


def samples_in(shape: tuple[int, ...], spec: InputSpec, where: str) -> int:
    """How many samples an array of ``shape`` holds: it is one, or has them along its first dimension.

    Raises :class:`CalibrationError` where the sizes do not fit; a dimension of 1 more or less is no matter.
    """
    wanted = [size for size in spec.shape if size != 1]
    if [size for size in shape if size != 1] == wanted and (len(shape) <= len(spec.shape)):
        return 1
    if shape and [size for size in shape[1:] if size != 1] == wanted:
        return shape[0]
    raise CalibrationError(
        f"{where}: input '{spec.name}' needs shape {list(spec.shape)} a sample, or [n, "
        f"{', '.join(map(str, spec.shape[1:]))}], not {list(shape)}"
    )


def fit(value: Any, spec: InputSpec, where: str) -> Array:
    """``value`` as an array of the input's shape and type; raises :class:`CalibrationError`."""
    array = np.asarray(value)
    check_type(array.dtype, spec, where)
    if samples_in(array.shape, spec, where) != 1:
        raise CalibrationError(
            f"{where}: input '{spec.name}' needs shape {list(spec.shape)}, not {list(array.shape)}"
        )
    converted = array.reshape(spec.shape)
    if converted.dtype == np.dtype(spec.dtype):
        return np.ascontiguousarray(converted)
    if np.issubdtype(np.dtype(spec.dtype), np.integer):
        limits = np.iinfo(spec.dtype)
        if converted.size and (converted.min() < limits.min or converted.max() > limits.max):
            raise CalibrationError(
                f"{where}: input '{spec.name}' is {spec.dtype}, the data runs from {converted.min()} to "
                f"{converted.max()}"
            )
    return np.ascontiguousarray(converted.astype(spec.dtype))


def check_type(dtype: np.dtype[Any], spec: InputSpec, where: str) -> None:
    """Raise :class:`CalibrationError` where values of ``dtype`` cannot fill the input without loss of meaning."""
    wanted = np.dtype(spec.dtype)
    if dtype.kind not in "biuf":
        raise CalibrationError(f"{where}: input '{spec.name}' needs numbers, not {dtype}")
    if wanted.kind in "iu" and dtype.kind == "f":
        raise CalibrationError(
            f"{where}: input '{spec.name}' is {spec.dtype}, the data is {dtype}: convert it on purpose"
        )


def group(samples: Mapping[str, int], where: str) -> int:
    """The number of samples that all inputs agree on; raises :class:`CalibrationError` where they do not."""
    counts = set(samples.values())
    if len(counts) != 1:
        listed = ", ".join(f"'{name}' {count}" for name, count in samples.items())
        raise CalibrationError(f"{where}: the inputs have different numbers of samples: {listed}")
    return counts.pop()

"""Samples from the user's own generator function, ``module:function`` or ``file.py:function``.

It is the function that converters take as ``representative_dataset``.  It runs once: what it gives is kept, so
that every attempt at a conversion, and the comparison afterwards, sees the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ...lint.wording import counted
from ..user_code import load_named
from .errors import CalibrationError
from .fitting import check_type, fit, match_names, samples_in
from .request import CalibrationRequest, InputSpec
from .sample import Sample
from .spool import Spool


class FunctionSamples:
    """What the function gives, at most as many samples as are wanted."""

    shuffled = False

    def __init__(self, request: CalibrationRequest, inputs: Sequence[InputSpec]) -> None:
        if not request.trust_source:
            raise CalibrationError(
                f"{request.source} runs code of yours: say --trust-source where you trust it"
            )
        self._where = request.source
        self._inputs = inputs
        self._batched = False
        self._spool = Spool(inputs)
        wanted = request.samples + request.held_back
        for sample in self._samples(load_function(request.source)):
            self._spool.add(sample)
            if len(self._spool) >= wanted:
                break
        if not len(self._spool):
            raise CalibrationError(f"{request.source} gives no samples")

    @property
    def notes(self) -> list[str]:
        if self._batched:
            return [f"{self._where} gives batches: they were taken apart, one sample at a time"]
        return []

    def __len__(self) -> int:
        return len(self._spool)

    def __getitem__(self, number: int) -> Sample:
        return self._spool[number]

    def label(self, number: int) -> str:
        return f"sample {number} of {self._where}"

    def _samples(self, function: Callable[[], Any]) -> Iterator[Sample]:
        try:
            given: Iterable[Any] = iter(function())
        except TypeError as error:
            raise CalibrationError(f"{self._where}: {error}") from None
        except (Exception, SystemExit) as error:
            raise CalibrationError(f"{self._where}: {type(error).__name__}: {error}") from None
        number = 0
        while True:
            try:
                value = next(given)  # type: ignore[call-overload]
            except StopIteration:
                return
            except (Exception, SystemExit) as error:
                raise CalibrationError(
                    f"{self._where}: {type(error).__name__} after {counted(number, 'sample')}: {error}"
                ) from None
            number += 1
            yield from self._taken_apart(self._by_name(value), number)

    def _by_name(self, value: Any) -> dict[str, np.ndarray[Any, Any]]:
        """Arrays by input name. A list has no names: it is put in place by the shapes, where these differ."""
        if isinstance(value, Mapping):
            names = match_names(list(value), self._inputs, self._where)
            return {spec.name: _array(value[names[spec.name]], self._where) for spec in self._inputs}
        # An array, a tensor: the value of the only input. A list or a tuple: one entry for each.
        entries = list(value) if isinstance(value, list | tuple) else [value]
        arrays = [_array(entry, self._where) for entry in entries]
        if len(arrays) != len(self._inputs):
            raise CalibrationError(
                f"{self._where} gives {len(arrays)} arrays a sample, the model has {len(self._inputs)} inputs"
            )
        if len(arrays) == 1:
            return {self._inputs[0].name: arrays[0]}
        return self._by_shape(arrays)

    def _by_shape(self, arrays: list[np.ndarray[Any, Any]]) -> dict[str, np.ndarray[Any, Any]]:
        found: dict[str, np.ndarray[Any, Any]] = {}
        for spec in self._inputs:
            fitting = [array for array in arrays if _fits(array, spec, self._where)]
            if len(fitting) != 1:
                # TFLite's order of inputs is not Keras' order: a list in the wrong one calibrates silently wrong.
                raise CalibrationError(
                    f"{self._where} gives lists, and their order is not safe to guess: give dicts such as "
                    f"{{{', '.join(repr(other.name) + ': ...' for other in self._inputs)}}}"
                )
            found[spec.name] = fitting[0]
        return found

    def _taken_apart(self, arrays: dict[str, np.ndarray[Any, Any]], number: int) -> Iterator[Sample]:
        where = f"{self._where}, sample {number}"
        counts = {samples_in(arrays[spec.name].shape, spec, where) for spec in self._inputs}
        for spec in self._inputs:
            check_type(arrays[spec.name].dtype, spec, where)
        if counts == {1}:
            yield {spec.name: fit(arrays[spec.name], spec, where) for spec in self._inputs}
            return
        if len(counts) != 1:
            raise CalibrationError(f"{where}: the inputs have different batches")
        self._batched = True
        for entry in range(counts.pop()):
            yield {spec.name: fit(arrays[spec.name][entry], spec, where) for spec in self._inputs}


def _fits(array: np.ndarray[Any, Any], spec: InputSpec, where: str) -> bool:
    try:
        samples_in(array.shape, spec, where)
    except CalibrationError:
        return False
    return True


def _array(value: Any, where: str) -> np.ndarray[Any, Any]:
    try:
        return np.asarray(value)
    except Exception as error:  # whatever the user's object does
        raise CalibrationError(f"{where}: a sample is no array: {type(error).__name__}: {error}") from None


def load_function(source: str) -> Callable[[], Any]:
    """The function of ``module:function`` or ``file.py:function``; raises :class:`CalibrationError`.

    This runs the module. The caller has asked for the user's trust.
    """
    module, found, name = source.rpartition(":")
    if not found or not module or not name.isidentifier():
        raise CalibrationError(f"'{source}': say module:function or file.py:function")
    try:
        function = load_named(source)
    except AttributeError as error:
        raise CalibrationError(f"{module} has no function '{name}' ({error})") from None
    except (Exception, SystemExit) as error:
        raise CalibrationError(f"{module}: {type(error).__name__}: {error}") from None
    if not callable(function):
        raise CalibrationError(f"{module} has no function '{name}': it is a {type(function).__name__}")
    checked: Callable[[], Any] = function
    return checked

"""Samples from numpy's files: one ``.npy``, one ``.npz`` by input name, or a folder with a file a sample.

``allow_pickle`` stays off: arrays of objects run code when they are read.  A ``.npy`` file is mapped into
memory, so that its size does not matter; the arrays of an ``.npz`` file are read as a whole.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .errors import CalibrationError, Unreadable
from .fitting import check_type, fit, group, match_names, samples_in
from .ranges import announced_range_notes
from .request import CalibrationRequest, InputSpec
from .sample import Sample, Samples
from .values import PixelValues, parse_values

Array = np.ndarray[Any, Any]
# The unpacked arrays of one .npz file, which are read as a whole: a guess at what a machine has to spare. A file
# of a few kilobytes may claim any size.
MOST_UNPACKED_BYTES = 4 * 2**30


def open_arrays(request: CalibrationRequest, inputs: Sequence[InputSpec]) -> Samples:
    """The samples of ``request``; raises :class:`CalibrationError`."""
    path = Path(request.source)
    if path.is_dir():
        return ArrayFolder(path, request, inputs)
    return ArrayFile(path, request, inputs)


class ArrayFile:
    """One file with all samples along the first dimension of its arrays."""

    shuffled = False

    def __init__(self, path: Path, request: CalibrationRequest, inputs: Sequence[InputSpec]) -> None:
        arrays = read_arrays(path)
        self._names = match_names(arrays, inputs, str(path))
        self._inputs = inputs
        self._arrays = arrays
        self._values = _Announced(request)
        self._path = path
        for spec in inputs:
            check_type(arrays[self._names[spec.name]].dtype, spec, str(path))
        counts = {
            spec.name: samples_in(arrays[self._names[spec.name]].shape, spec, str(path)) for spec in inputs
        }
        self._count = group(counts, str(path))

    @property
    def notes(self) -> list[str]:
        return self._values.notes()

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Sample:
        sample = {}
        for spec in self._inputs:
            array = self._arrays[self._names[spec.name]]
            value = array if self._count == 1 and array.size == _size(spec) else array[number]
            sample[spec.name] = self._values.prepare(value, spec, self.label(number))
        return sample

    def label(self, number: int) -> str:
        return f"{self._path.name}[{number}]"


class ArrayFolder:
    """One file a sample, in the order of their names: ``.npz`` by input name, or ``.npy`` for one input."""

    shuffled = False

    def __init__(self, path: Path, request: CalibrationRequest, inputs: Sequence[InputSpec]) -> None:
        self._files = sorted(file for file in path.iterdir() if file.suffix in (".npy", ".npz"))
        if not self._files:
            raise CalibrationError(f"{path}: no .npy or .npz file in this folder")
        self._inputs = inputs
        self._values = _Announced(request)
        self[0]  # what does not fit is better said before a converter is started

    @property
    def notes(self) -> list[str]:
        return self._values.notes()

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, number: int) -> Sample:
        try:
            arrays = read_arrays(self._files[number])
        except CalibrationError as error:
            if number == 0:
                raise
            raise Unreadable(str(error)) from None
        where = self.label(number)
        names = match_names(arrays, self._inputs, where)
        return {
            spec.name: self._values.prepare(arrays[names[spec.name]], spec, where) for spec in self._inputs
        }

    def label(self, number: int) -> str:
        return self._files[number].name


class _Announced:
    """The value range that was announced for arrays: bytes are pixels and get it, other types should have it."""

    def __init__(self, request: CalibrationRequest) -> None:
        self._request = request
        self._values: PixelValues | None = parse_values(request.value_range) if request.value_range else None
        self._low: dict[str, tuple[float, float]] = {}
        self._pixels: set[str] = set()
        self._bytes_as_they_are: set[str] = set()

    def prepare(self, value: Any, spec: InputSpec, where: str) -> Array:
        array = np.asarray(value)
        floating = np.dtype(spec.dtype).kind == "f"
        if array.dtype == np.uint8 and floating:
            if self._values is not None:
                self._pixels.add(spec.name)
                shaped = fit(array, spec._replace(dtype="uint8"), where)
                return self._values.apply(shaped).astype(spec.dtype)
            self._bytes_as_they_are.add(spec.name)
        fitted = fit(array, spec, where)
        if floating and spec.name not in self._pixels:
            low, high = self._low.get(spec.name, (np.inf, -np.inf))
            self._low[spec.name] = (min(low, float(fitted.min())), max(high, float(fitted.max())))
        return fitted

    def notes(self) -> list[str]:
        notes = [
            f"input '{name}': the arrays hold bytes, which were scaled as pixels to {self._request.value_range}"
            for name in sorted(self._pixels)
        ]
        notes.extend(
            f"input '{name}': the arrays hold bytes, which were given as they are, 0 to 255; say --value-range where "
            "the model was trained on another range"
            for name in sorted(self._bytes_as_they_are)
        )
        return [*notes, *announced_range_notes(self._low, self._request.value_range)]


def _size(spec: InputSpec) -> int:
    return int(np.prod(spec.shape))


def read_arrays(path: Path) -> Mapping[str, Array]:
    """Name -> array of an ``.npy`` (under its file's name) or ``.npz`` file; raises :class:`CalibrationError`."""
    try:
        if not path.is_file():
            raise CalibrationError(f"{path}: there is no such file")
        if zipfile.is_zipfile(path):
            return _read_npz(path)
        loaded = np.load(path, mmap_mode="r", allow_pickle=False)
    except CalibrationError:
        raise
    except Exception as error:
        # On damaged files numpy raises what its parts raise: TokenError, BadZipFile, RecursionError.
        raise CalibrationError(f"{path}: {_reason(error)}") from None
    if not isinstance(loaded, np.ndarray):
        raise CalibrationError(f"{path}: this is no .npy or .npz file")
    if not loaded.size:
        raise CalibrationError(f"{path}: the array is empty")
    return {path.stem: loaded}


def _read_npz(path: Path) -> dict[str, Array]:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MOST_UNPACKED_BYTES:
            raise CalibrationError(
                f"{path}: {size:,} bytes unpacked; save large arrays as .npy, which is not read as a whole"
            )
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except CalibrationError:
        raise
    except Exception as error:
        raise CalibrationError(f"{path}: {_reason(error)}") from None
    # numpy gives bytes for a member that is no array.
    arrays = {name: array for name, array in arrays.items() if isinstance(array, np.ndarray) and array.size}
    if not arrays:
        raise CalibrationError(f"{path}: there is no array in it")
    return arrays


def _reason(error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "allow_pickle" in text or "pickled" in text or "Python objects" in text:
        return "it holds Python objects, which can run code; save plain numbers"
    return text[:200]

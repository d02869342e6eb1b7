"""Samples from TFRecord files of ``tf.train.Example``, without TensorFlow.

The framing and the protocol buffer are small enough to read here (see :mod:`.record_framing` and
:mod:`.example`), so that a machine without TensorFlow can look at its calibration data.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .errors import CalibrationError, Unreadable
from .example import BadExample, Feature, read_example
from .fitting import elements, match_names
from .pixels import ImageInput
from .record_framing import BadRecord, RecordFile
from .request import CalibrationRequest, InputSpec
from .sample import Sample

# Where data sets keep an encoded image: the Object Detection API, TFDS, and what people write by hand.
IMAGE_FEATURES = ("image/encoded", "image", "image_raw", "image/raw", "encoded", "jpeg", "img", "jpg")
# Records that may be damaged before the file as a whole is taken for something else.
_MOST_DAMAGED = 8


class _Entry(NamedTuple):
    file: RecordFile
    number: int  # in the file


class RecordFiles:
    """The records of one file, or of all ``*.tfrecord*`` files in a folder, one image or one set of inputs each."""

    shuffled = False

    def __init__(self, request: CalibrationRequest, inputs: Sequence[InputSpec]) -> None:
        self._request, self._inputs = request, list(inputs)
        self._notes: list[str] = []
        self._entries: list[_Entry] = []
        problem = "no record in it"
        for file in _files(Path(request.source)):
            try:
                opened = RecordFile(file)
            except OSError as error:
                problem = f"{file.name}: {error.strerror or error}"
                self._notes.append(problem)
                continue
            self._entries.extend(_Entry(opened, number) for number in range(len(opened)))
            if opened.problem:
                problem = f"{file.name}: {opened.problem}"
                self._notes.append(f"{problem}; the {len(opened)} records before it count")
        if not self._entries:
            raise CalibrationError(f"{request.source}: {problem}")
        self._image: ImageInput | None = None
        self._image_feature = self._find_image_feature()
        if self._image_feature is not None:
            self._image = ImageInput(request, self._inputs)

    @property
    def notes(self) -> list[str]:
        return [*self._notes, *(self._image.notes() if self._image else [])]

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, number: int) -> Sample:
        features = self._features(number)
        if self._image is not None and self._image_feature is not None:
            feature = features.get(self._image_feature)
            if feature is None or len(feature.texts) != 1:
                raise Unreadable(f"no single '{self._image_feature}' in it")
            return {self._inputs[0].name: self._image.from_bytes(feature.texts[0], number)}
        try:
            names = match_names(self._usable(features), self._inputs, self.label(number))
        except CalibrationError as error:
            raise Unreadable(str(error)) from None
        return {spec.name: _as_array(features[names[spec.name]], spec) for spec in self._inputs}

    def label(self, number: int) -> str:
        entry = self._entries[number]
        return f"{entry.file.path.name}, record {entry.number}"

    def _features(self, number: int) -> dict[str, Feature]:
        entry = self._entries[number]
        try:
            return read_example(entry.file.read(entry.number))
        except (BadRecord, BadExample, OSError) as error:
            raise Unreadable(str(error)) from None

    def _find_image_feature(self) -> str | None:
        """The feature with the encoded image, by its name in the first whole record; None for plain numbers."""
        features = self._first_features()
        with_texts = [name for name, feature in features.items() if len(feature.texts) == 1]
        if len(self._inputs) == 1:
            found = next((name for name in IMAGE_FEATURES if name in with_texts), None)
            if found is not None and not _is_raw(features[found], self._inputs[0]):
                self._notes.append(f"images are read from the feature '{found}'")
                return found
        match_names(self._usable(features), self._inputs, self.label(0))
        return None

    def _first_features(self) -> dict[str, Feature]:
        why = ""
        for number in range(min(len(self), _MOST_DAMAGED)):
            try:
                return self._features(number)
            except Unreadable as error:
                why = why or f"{self.label(number)}: {error}"
        raise CalibrationError(why)

    def _usable(self, features: dict[str, Feature]) -> list[str]:
        """With one input, the features of its size; labels and boxes are not what it wants."""
        if len(self._inputs) > 1:
            return list(features)
        wanted = elements(self._inputs[0])
        fitting = [
            name
            for name, feature in features.items()
            if len(feature.numbers) == wanted or _is_raw(feature, self._inputs[0])
        ]
        return fitting if len(fitting) == 1 else list(features)


def _is_raw(feature: Feature, spec: InputSpec) -> bool:
    """Whether the bytes are the input itself, as ``tobytes()`` writes it."""
    return len(feature.texts) == 1 and len(feature.texts[0]) == elements(spec) * np.dtype(spec.dtype).itemsize


def _as_array(feature: Feature, spec: InputSpec) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
    wanted = elements(spec)
    if _is_raw(feature, spec):
        return np.frombuffer(feature.texts[0], dtype=spec.dtype).reshape(spec.shape)
    if len(feature.numbers) != wanted:
        raise Unreadable(f"input '{spec.name}' needs {wanted} numbers, the record has {len(feature.numbers)}")
    if np.dtype(spec.dtype).kind in "iu" and feature.is_float:
        raise Unreadable(f"input '{spec.name}' is {spec.dtype}, the record has floats")
    try:
        return np.array(feature.numbers, dtype=spec.dtype).reshape(spec.shape)
    except OverflowError:
        raise Unreadable(f"input '{spec.name}' is {spec.dtype}, the record has larger numbers") from None


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if ".tfrecord" in file.name and file.is_file())
        if not files:
            raise CalibrationError(f"{path}: no .tfrecord file in this folder")
        return files
    if not path.is_file():
        raise CalibrationError(f"{path}: there is no such file")
    return [path]

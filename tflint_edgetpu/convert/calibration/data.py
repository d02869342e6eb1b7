"""Calibration samples and those held back, whatever they come from."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...lint.wording import counted
from .errors import CalibrationError, Unreadable
from .ranges import Ranges
from .request import CalibrationRequest, InputSpec, check
from .sample import Sample, Samples


class Split(NamedTuple):
    """Numbers of the source's entries."""

    calibration: tuple[int, ...]
    held_back: tuple[int, ...]


class Calibration:
    """The samples a model is calibrated with, and others to check it on.

    Both iterators start afresh on each call and give one sample at a time: signature input name -> array of
    the input's shape and type, batch 1.  ``notes`` and ``ranges`` grow while samples are read.
    """

    def __init__(
        self,
        source: Samples,
        request: CalibrationRequest,
        inputs: Sequence[InputSpec],
    ) -> None:
        self._source = source
        self._inputs = tuple(inputs)
        self._seen = Ranges(inputs)
        self._left_out: dict[int, str] = {}
        self._split, why = _split(len(source), source.shuffled, request)
        self._own_notes = [why] if why else []

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Lowest and highest value given so far, by input."""
        return self._seen.as_dict()

    @property
    def notes(self) -> list[str]:
        """What the user should know, one sentence each."""
        return [*self._source.notes, *self._own_notes, *self._left_out_note(), *self._seen.notes()]

    def __len__(self) -> int:
        return len(self._split.calibration)

    def calibration(self) -> Iterator[Sample]:
        """The samples to calibrate with; raises :class:`CalibrationError` where none can be read."""
        yield from self._read(self._split.calibration)

    def held_back(self) -> Iterator[Sample]:
        """Samples that :meth:`calibration` does not give."""
        if self._split.held_back:
            yield from self._read(self._split.held_back)

    def _read(self, numbers: Sequence[int]) -> Iterator[Sample]:
        given = 0
        for number in numbers:
            try:
                sample = self._source[number]
            except Unreadable as error:
                self._left_out[number] = str(error)
                continue
            self._seen.add(sample, self._source.label(number))
            given += 1
            yield sample
        if not given and numbers is self._split.calibration:
            first = next(number for number in numbers if number in self._left_out)
            raise CalibrationError(
                f"none of {len(numbers)} samples can be read: {self._source.label(first)}: {self._left_out[first]}"
            )

    def _left_out_note(self) -> list[str]:
        if not self._left_out:
            return []
        number, why = next(iter(self._left_out.items()))
        number_of = len(self._left_out)
        verb, first = ("was", "") if number_of == 1 else ("were", "first ")
        return [
            f"{number_of} of {len(self._source)} entries cannot be read and {verb} left out: {first}"
            f"{self._source.label(number)} ({why})"
        ]


def open_calibration(request: CalibrationRequest, inputs: Sequence[InputSpec]) -> Calibration:
    """The data of ``request`` for a model with ``inputs``; raises :class:`CalibrationError`.

    Random data and functions need nothing but numpy; images and records of images need Pillow.
    """
    check(request)
    if not inputs:
        raise CalibrationError("the model has no inputs")
    for spec in inputs:
        if any(size < 1 for size in spec.shape):
            raise CalibrationError(
                f"input '{spec.name}' has shape {list(spec.shape)}: calibration needs every size"
            )
    return Calibration(_open(request, inputs), request, inputs)


def _open(request: CalibrationRequest, inputs: Sequence[InputSpec]) -> Samples:
    """The source, each kind in a file of its own that is imported when it is needed."""
    if request.kind == "images":
        from .images import ImageFolder

        return ImageFolder(request, inputs)
    if request.kind == "arrays":
        from .arrays import open_arrays

        return open_arrays(request, inputs)
    if request.kind == "tfrecord":
        from .tfrecord import RecordFiles

        return RecordFiles(request, inputs)
    if request.kind == "function":
        from .function import FunctionSamples

        return FunctionSamples(request, inputs)
    from .random_data import RandomSamples

    return RandomSamples(request, inputs)


def _split(count: int, shuffled: bool, request: CalibrationRequest) -> tuple[Split, str | None]:
    """Which entries calibrate and which are held back; a sentence where there are too few."""
    if not count:
        raise CalibrationError(f"{request.source}: there is nothing to calibrate with")
    order = list(range(count))
    if not shuffled:
        # Files are often sorted by class or by time: the first hundred would be alike.
        random.Random(request.seed).shuffle(order)
    wanted = request.samples + request.held_back
    if count >= wanted:
        return Split(tuple(order[: request.samples]), tuple(order[request.samples : wanted])), None
    # A quarter drawn from all, not the last one: where folders take turns, only the largest is left at the end.
    drawn = random.Random(request.seed).sample(order, min(request.held_back, count // 4))
    kept = frozenset(drawn)
    held_back = [number for number in order if number in kept]
    calibration = [number for number in order if number not in kept][: request.samples]
    split, held = Split(tuple(calibration), tuple(held_back)), len(held_back)
    given = f"there are {counted(count, 'sample')}: {len(calibration)} for calibration"
    return split, f"{given}, {held} held back" if held else f"{given}, none held back"

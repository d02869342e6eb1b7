"""A folder of images, with or without a sub-folder for each class."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path

from .errors import CalibrationError
from .kind import IMAGES
from .pixels import ImageInput
from .request import CalibrationRequest, InputSpec
from .sample import Sample


class ImageFolder:
    """The images in and below a folder. Folders (classes) take turns, so that a small sample has all of them.

    Within a folder the order is drawn from the sorted names with the request's seed. Links to folders are not
    followed, hidden files and folders are left out.
    """

    shuffled = True

    def __init__(self, request: CalibrationRequest, inputs: Sequence[InputSpec]) -> None:
        self._root = Path(request.source)
        self._input = ImageInput(request, list(inputs))
        folders = _images_by_folder(self._root)
        self._files = _in_turns(folders, random.Random(request.seed))
        self._notes: list[str] = []
        if len(folders) > 1:
            self._notes.append(f"{len(self._files)} images from {len(folders)} folders, which took turns")

    @property
    def notes(self) -> list[str]:
        return [*self._notes, *self._input.notes()]

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, number: int) -> Sample:
        return {self._input.spec.name: self._input.from_file(self._files[number])}

    def label(self, number: int) -> str:
        file = self._files[number]
        return file.name if file == self._root else os.path.relpath(file, self._root)


def _images_by_folder(root: Path) -> list[list[Path]]:
    if root.is_file():
        return [[root]]
    if not root.is_dir():
        raise CalibrationError(f"{root}: there is no such folder of images")
    problems: list[OSError] = []
    folders = []
    for folder, below, names in os.walk(root, onerror=problems.append):
        below[:] = sorted(name for name in below if not name.startswith("."))
        images = [
            Path(folder, name)
            for name in sorted(names)
            if not name.startswith(".") and name.lower().endswith(IMAGES)
        ]
        if images:
            folders.append(images)
    if problems and not folders:
        raise CalibrationError(f"{problems[0].filename}: {problems[0].strerror}")
    if not folders:
        raise CalibrationError(f"{root}: no image in it ({', '.join(IMAGES)})")
    return folders


def _in_turns(folders: list[list[Path]], generator: random.Random) -> list[Path]:
    for files in folders:
        generator.shuffle(files)
    longest = max(map(len, folders))
    return [files[turn] for turn in range(longest) for files in folders if turn < len(files)]

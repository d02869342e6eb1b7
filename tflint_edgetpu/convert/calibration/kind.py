"""Which kind of calibration data a text names. Looks at names of files only."""

from __future__ import annotations

from pathlib import Path

from .errors import CalibrationError

IMAGES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")
ARRAYS = (".npy", ".npz")


def calibration_kind(text: str) -> str:
    """Which kind of data ``text`` names; raises CalibrationError."""
    path = Path(text)
    if path.is_dir():
        found = {file.suffix.lower() for file in path.rglob("*") if file.is_file()}
        if any(".tfrecord" in file.name.lower() for file in path.iterdir()):
            return "tfrecord"
        if found & set(ARRAYS) and not found & set(IMAGES):
            return "arrays"
        if found & set(IMAGES):
            return "images"
        raise CalibrationError(f"{text} holds no image, no .npy or .npz and no TFRecord file")
    if path.is_file():
        if path.suffix.lower() in ARRAYS:
            return "arrays"
        if ".tfrecord" in path.name.lower() or path.suffix.lower() in (".record", ".records"):
            return "tfrecord"
        if path.suffix.lower() in IMAGES:
            return "images"
        raise CalibrationError(f"{text} is no image, no .npy or .npz and no TFRecord file")
    module, _, name = text.rpartition(":")
    if module and name.isidentifier():
        if module.endswith(".py") and not Path(module).is_file():
            raise CalibrationError(f"there is no file '{module}'")
        return "function"
    raise CalibrationError(f"there is no file or folder '{text}' to calibrate with")

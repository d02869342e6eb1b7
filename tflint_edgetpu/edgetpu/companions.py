"""The files that belong to a model by their names: ``m.tflite``, ``m_edgetpu.tflite``, ``m_edgetpu.log``."""

from __future__ import annotations

import os

from ..model.record import NamedTuple

_SUFFIX = ".tflite"
_COMPILED = "_edgetpu"


class Companions(NamedTuple):
    """Paths of files that exist; ``None`` where there is none."""

    log: str | None
    compiled: str | None


def find_companions(path: str | os.PathLike[str]) -> Companions:
    """What the compiler left beside ``path``. For a compiled file that is only its log."""
    stem = os.fspath(path).removesuffix(_SUFFIX)
    if stem.endswith(_COMPILED):
        return Companions(_existing(stem + ".log"), None)
    return Companions(_existing(stem + _COMPILED + ".log"), _existing(stem + _COMPILED + _SUFFIX))


def _existing(path: str) -> str | None:
    return path if os.path.isfile(path) else None

"""The recipe that a converted model carries: how it was made, as one entry of its metadata.

Metadata entries are no part of the graph.  edgetpu_compiler takes models with entries it cannot know: 24 models of
the corpus carry ``CONVERSION_METADATA``, which is younger than the compiler, and compiled.  It drops all of them, so a
compiled file no longer tells how it was calibrated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..model.graph import Model

NAME = "TFLINT_EDGETPU_RECIPE"
LONGEST = 64 * 1024  # bytes; ours have less than one thousand


def read_mark(model: Model) -> Mapping[str, Any] | None:
    """The recipe in the model, ``None`` where it has none or what it has cannot be read."""
    for entry in model.metadata:
        if entry.name == NAME:
            buffer = model.buffers[entry.buffer]
            if not 0 < buffer.length <= LONGEST:
                return None
            return _parse(model.source.read(buffer.start, buffer.length))
    return None


def calibration_of(model: Model) -> Mapping[str, Any]:
    """What the recipe says of the calibration; empty where there is no recipe."""
    mark = read_mark(model)
    found = mark.get("calibration") if mark is not None else None
    return found if isinstance(found, dict) else {}


def _parse(data: bytes) -> Mapping[str, Any] | None:
    import json

    try:
        found = json.loads(data.rstrip(b"\0"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None

"""Load a source, whatever kind it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..errors import CannotConvert
from ..source import LARGEST_BYTES, Source
from .function import load_function
from .keras_file import load_keras
from .loaded import Loaded
from .saved_model import load_saved_model
from .versions import overlaid


def load_source(
    source: Source,
    folder: Path,
    *,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    unroll: bool = False,
    largest_bytes: int = LARGEST_BYTES,
) -> Loaded:
    """Load ``source``; ``folder`` is where a SavedModel may be written. Raises CannotConvert."""
    if source.kind == "float_tflite":
        from .float_file import load_float_model

        return load_float_model(source)
    notes = [note] if (note := overlaid()) else []
    if source.kind == "function":
        loaded = load_function(source, shapes or {}, folder, unroll=unroll)
    elif source.kind == "keras":
        exported = load_keras(source, folder, shapes=shapes or {}, unroll=unroll)
        loaded = load_saved_model(source._replace(path=str(folder)), shapes or {}, check=False)
        loaded = loaded._replace(recurrent=exported.recurrent, notes=exported.notes)
    else:
        loaded = load_saved_model(source, shapes or {})
    if loaded.parameter_bytes > largest_bytes:
        raise CannotConvert(
            f"the model has {loaded.parameter_bytes / 2**30:.1f} GiB of parameters; a .tflite ends at 2 GiB, "
            "and the float model that calibration runs must fit into one"
        )
    return loaded._replace(notes=(*notes, *loaded.notes))

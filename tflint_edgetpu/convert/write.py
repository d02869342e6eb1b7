"""The files of a conversion: the model, and its recipe beside it. Nothing is replaced unless it was asked for."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..fix.write import write_atomically
from .source import Source


class Files(NamedTuple):
    """Where everything goes."""

    model: Path
    script: Path
    document: Path


def default_output(source: Source, folder: Path | None = None) -> Path:
    """``name_int8.tflite`` in the working folder. Not beside the source: that may be read-only, or a package."""
    return (folder or Path()) / f"{source.stem}_int8.tflite"


def files_for(model: Path) -> Files:
    """The model's path and those of its recipe, as Python and as JSON."""
    stem = model.name.removesuffix(".tflite")
    return Files(model, model.parent / f"{stem}.recipe.py", model.parent / f"{stem}.recipe.json")


def refuse_to_replace(files: Files, source: Source, *, overwrite: bool) -> None:
    """Raises OSError before any work is done where a file would be lost or cannot be written. The source is never
    replaced.
    """
    given = Path(source.path)
    for path in files:
        if path.exists() and given.exists() and path.samefile(given):
            raise FileExistsError(f"{path} is the source itself: choose another name with --output")
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder: name a file in it with --output")
        if path.exists() and not overwrite:
            raise FileExistsError(
                f"{path} is there already: choose another name with --output, or say --overwrite"
            )
    folder = files.model.parent
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    try:
        # Permissions do not tell of a read-only medium.
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise PermissionError(f"nothing can be written to the folder {folder}: {error.strerror}") from None


def write_all(files: Files, data: bytes, script: str, document: Mapping[str, Any]) -> None:
    """The recipe first, so that no model stands there without it; raises OSError."""
    write_atomically(files.script, script.encode("utf-8"))
    write_atomically(files.document, (json.dumps(document, indent=2) + "\n").encode("utf-8"))
    write_atomically(files.model, data)

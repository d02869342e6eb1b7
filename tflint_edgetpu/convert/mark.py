"""Put the recipe into the model that was made by it: one entry of its metadata, a few hundred bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..lint.recipe_mark import NAME
from ..version import __version__
from .calibration.request import CalibrationRequest
from .recipe import Recipe, as_dict
from .source import Source

MOST_RANGES = 16  # inputs whose ranges are written down


def mark(
    source: Source,
    recipe: Recipe,
    request: CalibrationRequest,
    *,
    versions: Mapping[str, str],
    source_sha256: str | None,
    samples: int,
    ranges: Mapping[str, tuple[float, float]],
) -> dict[str, Any]:
    """The short recipe; it names no path of the machine where the model was made."""
    return {
        "schema_version": 1,
        "tool": f"tflint-edgetpu {__version__}",
        "versions": dict(versions),
        "settings": as_dict(recipe),
        "source": {"kind": source.kind, "sha256": source_sha256, "signature": source.signature},
        "calibration": {
            "kind": request.kind,
            "samples": samples,
            "seed": request.seed,
            "value_range": request.value_range,
            "channels": request.channels,
            "resize": request.resize,
            "ranges": {name: list(pair) for name, pair in list(ranges.items())[:MOST_RANGES]},
        },
    }


def embed(data: bytes, document: Mapping[str, Any]) -> bytes:
    """The model with the recipe in its metadata, in place of one it had; its graph is untouched."""
    import numpy as np
    from ai_edge_litert import schema_py_generated as schema

    from ..fix.nodes import AlignedBuffer
    from ..fix.tree import Tree

    tree = Tree(data)
    tree.metadata = [(entry, buffer) for entry, buffer in tree.metadata if _name(entry) != NAME]
    buffer = AlignedBuffer()
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=True)
    buffer.data = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    entry = schema.MetadataT()
    entry.name = NAME
    tree.metadata.append((entry, buffer))
    return tree.pack()


def _name(entry: object) -> str:
    name = getattr(entry, "name", None)
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)

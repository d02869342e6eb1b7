"""Which installed distributions offer plugins.

``importlib.metadata`` answers the same question, but importing it takes longer than linting a model
(it brings email, zipfile and csv). A test holds this reader against it.
"""

from __future__ import annotations

import os
import sys

from ..model.record import NamedTuple

# Of entry points, and the name of the project in the words of pluggy.
GROUP = "tflint_edgetpu"


class EntryPoint(NamedTuple):
    name: str
    module: str
    distribution: str
    version: str

    @property
    def identity(self) -> str:
        return f"{self.distribution}:{self.name}"


def find_entry_points(paths: list[str] | None = None) -> list[EntryPoint]:
    """All plugins of the group, sorted by distribution and name so that runs are repeatable."""
    found: dict[str, list[EntryPoint]] = {}
    for path in sys.path if paths is None else paths:
        try:
            names = os.listdir(path or ".")
        except OSError:
            continue
        for name in names:
            stem, extension = os.path.splitext(name)
            if extension not in (".dist-info", ".egg-info"):
                continue
            distribution, _, version = stem.partition("-")
            key = distribution.lower().replace("_", "-").replace(".", "-")
            if key not in found:  # the first one on the path wins, as for imports
                entries = _read(os.path.join(path, name, "entry_points.txt"), key, version.partition("-")[0])
                if entries is not None:
                    found[key] = entries
    return sorted(entry for entries in found.values() for entry in entries)


def _read(file: str, distribution: str, version: str) -> list[EntryPoint] | None:
    try:
        with open(file, "rb") as handle:
            data = handle.read()
    except OSError:
        return None
    entries: list[EntryPoint] = []
    if GROUP.encode() not in data:
        return entries
    section = ""
    for line in data.decode("utf-8", "replace").splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip()
        elif section == GROUP and "=" in line and not line.startswith(("#", ";")):
            name, _, module = line.partition("=")
            entries.append(EntryPoint(name.strip(), module.partition("[")[0].strip(), distribution, version))
    return entries

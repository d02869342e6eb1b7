"""Findings that somebody accepted, with a reason: ``[[tool.tflint-edgetpu.ignore]]``.

A model has no comments, so what other linters write beside the line stands in the settings.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from ..model.graph import Model
from .file_report import FileReport
from .finding import Finding, Location
from .select import Selection
from .settings import Ignore, Settings


class Ignores:
    """The ignores of one settings file that concern one file under examination."""

    def __init__(self, settings: Settings, path: str, selection: Selection) -> None:
        self._entries: list[tuple[int, Ignore, frozenset[str]]] = [
            (number, entry, selection.codes_of(entry.code, "ignore.code"))
            for number, entry in enumerate(settings.ignores)
            if entry.path is None or matches_file(entry.path, path, settings)
        ]
        self.used: set[int] = set()

    def reason(self, finding: Finding, model: Model | None) -> str | None:
        """Why ``finding`` is accepted: every place it names must be covered. ``None``: it is not."""
        reasons: dict[str, None] = {}
        used: set[int] = set()
        for location in finding.locations:
            entry = self._covering(finding.code, location, model)
            if entry is None:
                return None
            used.add(entry[0])
            reasons[entry[1].reason] = None
        self.used |= used
        return "; ".join(reasons)

    def _covering(self, code: str, location: Location, model: Model | None) -> tuple[int, Ignore] | None:
        for number, entry, codes in self._entries:
            if code in codes and (
                entry.tensor is None
                or any(_like(entry.tensor, name) for name in tensor_names(location, model))
            ):
                return number, entry
        return None


def matches_file(pattern: str, path: str, settings: Settings) -> bool:
    """Whether ``pattern`` of the settings names ``path``; patterns are relative to the settings file."""
    from .patterns import matches_path

    root = os.path.dirname(os.path.abspath(settings.file)) if settings.file else os.getcwd()
    try:
        relative = os.path.relpath(os.path.abspath(path), root)
    except ValueError:  # on another drive
        return False
    return matches_path(pattern, relative.replace(os.sep, "/"))


def tensor_names(location: Location, model: Model | None) -> tuple[str, ...]:
    """The names of the tensor at ``location``, of all outputs where it is an operator."""
    if model is None:
        return ()
    numbers = [part.partition("]")[0] for part in location.ref.split("[")[1:]]
    if len(numbers) != 2 or not all(number.isdigit() for number in numbers):
        return ()
    subgraph, index = map(int, numbers)
    if subgraph >= len(model.subgraphs):
        return ()
    graph = model.subgraphs[subgraph]
    if ".op[" in location.ref and index < len(graph.operators):
        return tuple(tensor.name for tensor in graph.operators[index].outputs)
    if ".tensor[" in location.ref and index < len(graph.tensors):
        return (graph.tensors[index].name,)
    return ()


def _like(pattern: str, name: str) -> bool:
    """``*`` stands for anything, ``?`` for one character; brackets are part of many names and stand for
    themselves."""
    import re

    regex = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(regex, name, re.DOTALL) is not None


def unused(files: Sequence[FileReport], *, whole: bool) -> Iterable[tuple[Settings, Ignore]]:
    """The ignores that covered nothing in a run in which they could have.

    One with a path is judged when a file it names was examined, one without only when a folder was
    (``whole``): a run over a few files, as pre-commit does it, proves nothing.
    """
    judged: dict[tuple[str, int], tuple[Settings, Ignore]] = {}
    used: set[tuple[str, int]] = set()
    for file in files:
        if file.broken or file.settings.file is None:
            continue
        for number, entry in enumerate(file.settings.ignores):
            key = file.settings.file, number
            if number in file.ignores_used:
                used.add(key)
            elif matches_file(entry.path, file.path, file.settings) if entry.path is not None else whole:
                judged.setdefault(key, (file.settings, entry))
    return [pair for key, pair in judged.items() if key not in used]

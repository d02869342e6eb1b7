"""Which files a command line stands for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice

from ..model.record import NamedTuple
from .patterns import Pattern, last_match, read_patterns

MODEL_SUFFIX = ".tflite"
LOG_SUFFIX = "_edgetpu.log"
GIT_FOLDER = ".git"
# Looked into for the hint that a folder without models has scripts that make them.
MOST_SCRIPTS = 2000


class Discovered(NamedTuple):
    """``files`` in the order in which they were named, each once; those of a folder sorted by name.
    ``empty``: the arguments that stand for no file, with the reason. ``whole``: whether a folder was
    looked through."""

    files: list[str]
    empty: list[tuple[str, str]]
    whole: bool


def discover(arguments: Sequence[str], exclude: Sequence[str] = ()) -> Discovered:
    """A file stands for itself, whatever it is; a folder for the models and compiler logs in it that git
    would not ignore and that match no pattern of ``exclude``; a pattern for what it matches."""
    files: dict[str, None] = {}
    empty = []
    whole = False
    excluded = [Pattern(text) for text in exclude]
    for argument in arguments:
        if os.path.isdir(argument):
            found = list(_walk(argument, excluded))
            whole = True
            reason = ""
            if not found:
                reason = f"no *{MODEL_SUFFIX} and no *{LOG_SUFFIX} in this folder that git does not ignore"
                reason += _hint(argument, excluded)
        elif _is_pattern(argument) and not os.path.lexists(argument):
            found = _expand(argument, excluded)
            reason = "no file matches this pattern"
        else:
            found, reason = [argument], ""
        if not found:
            empty.append((argument, reason))
        files.update(dict.fromkeys(found))
    return Discovered(_without_aliases(files), empty, whole)


def _without_aliases(files: dict[str, None]) -> list[str]:
    """``a.tflite`` and ``./a.tflite`` are one file."""
    by_path: dict[str, str] = {}
    for file in files:
        by_path.setdefault(os.path.abspath(file), file)
    return list(by_path.values())


def _is_pattern(argument: str) -> bool:
    return any(character in argument for character in "*?[")


def _expand(argument: str, excluded: list[Pattern]) -> list[str]:
    from glob import glob

    found: list[str] = []
    for path in sorted(glob(argument, recursive=True)):
        found.extend(_walk(path, excluded) if os.path.isdir(path) else [path])
    return found


def _hint(folder: str, excluded: list[Pattern]) -> str:
    """How to lint the scripts of a folder that holds no model, where one of them makes models."""
    from ..script.marks import SCRIPT_SUFFIXES, mentions_converter

    for path in islice(_walk(folder, excluded, SCRIPT_SUFFIXES), MOST_SCRIPTS):
        try:
            with open(path, "rb") as file:
                makes_models = mentions_converter(file.read())
        except OSError:
            continue
        if makes_models:
            pattern = os.path.join(folder, "**", f"*{os.path.splitext(path)[1]}")
            return f"; {path} makes models: scripts are linted when they are named, as in: lint '{pattern}'"
    return ""


def _walk(
    folder: str, excluded: list[Pattern], suffixes: tuple[str, ...] = (MODEL_SUFFIX, LOG_SUFFIX)
) -> Iterator[str]:
    """Links to folders are not followed: they may lead round in circles."""
    yield from _walk_folder(folder, "", _inherited(folder), excluded, suffixes)


def _walk_folder(
    folder: str,
    inside: str,
    inherited: list[tuple[str, list[Pattern]]],
    excluded: list[Pattern],
    suffixes: tuple[str, ...],
) -> Iterator[str]:
    """``inside`` is the path within the folder that was named, ``inherited`` holds the ignore files from
    the top down, each with the path of ``folder`` relative to it."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    ignores = list(inherited)
    if any(entry.name == ".gitignore" for entry in entries):
        ignores.append(("", _read(os.path.join(folder, ".gitignore"))))
    for entry in entries:
        is_folder = entry.is_dir(follow_symlinks=False)
        wanted = entry.name != GIT_FOLDER if is_folder else entry.name.lower().endswith(suffixes)
        path = inside + entry.name
        if not wanted or _is_ignored(ignores, entry.name, is_folder) or last_match(excluded, path, is_folder):
            continue
        if is_folder:
            below = [(f"{prefix}{entry.name}/", patterns) for prefix, patterns in ignores]
            yield from _walk_folder(entry.path, f"{path}/", below, excluded, suffixes)
        elif _is_file(entry):
            yield entry.path


def _is_file(entry: os.DirEntry[str]) -> bool:
    """A link that leads nowhere counts: whoever keeps models in git-annex or DVC has to hear that one is
    missing."""
    return (entry.is_symlink() and not os.path.exists(entry.path)) or entry.is_file()


def _is_ignored(ignores: list[tuple[str, list[Pattern]]], name: str, is_folder: bool) -> bool:
    """The ignore file nearest to a path decides, as in git."""
    for prefix, patterns in reversed(ignores):
        verdict = last_match(patterns, prefix + name, is_folder)
        if verdict is not None:
            return verdict
    return False


def _inherited(folder: str) -> list[tuple[str, list[Pattern]]]:
    """The ignore files above ``folder``, up to the repository it is in; none outside of a repository."""
    found: list[tuple[str, list[Pattern]]] = []
    current = os.path.realpath(folder)
    prefix = ""
    while not os.path.exists(os.path.join(current, GIT_FOLDER)):
        current, name = os.path.split(current)
        if not name:
            return []
        prefix = f"{name}/{prefix}"
        found.insert(0, (prefix, _read(os.path.join(current, ".gitignore"))))
    found.insert(0, (prefix, _read(os.path.join(current, GIT_FOLDER, "info", "exclude"))))
    return found


def _read(path: str) -> list[Pattern]:
    try:
        with open(path, "rb") as file:
            return read_patterns(file.read().decode("utf-8", "surrogateescape"))
    except OSError:
        return []

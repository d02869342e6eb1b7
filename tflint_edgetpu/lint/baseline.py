"""Findings that were there before: a run reports only what is new.

A finding is known by its fingerprint, which holds no index, so that a baseline survives a re-export of
the model; files are known by their path relative to the baseline.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from .file_report import KNOWN, FileReport
from .replace import replace_file
from .settings import SettingsError

VERSION = 1


class Baseline:
    """What a baseline file holds: path -> fingerprints."""

    def __init__(self, path: str, known: Mapping[str, frozenset[str]]) -> None:
        self.path = path
        self._known = known

    def of(self, file: str) -> frozenset[str]:
        """The fingerprints of ``file``."""
        return self._known.get(_relative(file, self.path), frozenset())


def read_baseline(path: str) -> Baseline:
    """Read a file that :func:`write_baseline` wrote; raises :class:`SettingsError`."""
    try:
        with open(path, "rb") as file:
            document = json.loads(file.read())
    except OSError as error:
        raise SettingsError(f"baseline {path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"baseline {path}: this is not JSON: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("files"), dict):
        raise SettingsError(f"baseline {path}: not written by 'tflint-edgetpu lint --write-baseline'")
    if document.get("baseline_version") != VERSION:
        raise SettingsError(
            f"baseline {path}: version {document.get('baseline_version')!r}, this tool reads {VERSION}: write it anew"
        )
    return Baseline(path, {file: _fingerprints(entries) for file, entries in document["files"].items()})


def _fingerprints(entries: Any) -> frozenset[str]:
    if not isinstance(entries, list):
        return frozenset()
    return frozenset(str(entry.get("fingerprint")) for entry in entries if isinstance(entry, dict))


def write_baseline(path: str, files: Iterable[FileReport]) -> int:
    """Write all findings of ``files``, those that a baseline suppressed included, and return their number.

    Raises :class:`SettingsError` where ``path`` cannot be written. The file is replaced as a whole.
    """
    document: dict[str, list[dict[str, str]]] = {}
    count = 0
    for file in files:
        findings = [*file.findings, *(finding for finding, reason in file.suppressed if reason == KNOWN)]
        if findings:
            document[_relative(file.path, path)] = [
                {"code": finding.code, "fingerprint": finding.fingerprint, "message": finding.message[:200]}
                for finding in sorted(findings, key=lambda finding: (finding.code, finding.fingerprint))
            ]
            count += len(findings)
    text = json.dumps({"baseline_version": VERSION, "files": document}, indent=1, sort_keys=True)
    try:
        replace_file(path, lambda output: output.write(text + "\n"))
    except OSError as error:
        raise SettingsError(f"baseline {path}: cannot be written: {error.strerror or error}") from error
    return count


def _relative(file: str, baseline: str) -> str:
    folder = os.path.dirname(os.path.abspath(baseline))
    try:
        relative = os.path.relpath(os.path.abspath(file), folder)
    except ValueError:  # on another drive
        relative = os.path.abspath(file)
    return relative.replace(os.sep, "/")

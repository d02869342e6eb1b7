"""Repair a script: lint, put the certain edits in, lint again, until nothing is left to edit."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ..lint.examine import Examiner
from ..lint.file_report import FileReport
from ..lint.finding import REPLACE_SOURCE, Edit, Finding, Safety
from ..model.record import NamedTuple
from ..script.rewrite import RewriteError, rewrite
from .write import write_atomically

MOST_ROUNDS = 10


class ScriptOutcome(NamedTuple):
    """``before`` and ``after`` are the bytes of the file; ``report`` is on the latter."""

    path: str
    before: bytes
    after: bytes
    applied: tuple[Finding, ...]
    refused: str | None  # why edits were left out, where they were
    report: FileReport


def repair_script(path: str, examiner: Examiner) -> ScriptOutcome:
    """What the certain edits make of a script; nothing is written. Raises OSError and ReadError."""
    before = Path(path).read_bytes()
    kind = "notebook" if path.lower().endswith(".ipynb") else "source"
    after, refused = before, None
    applied: list[Finding] = []
    report = examiner.examine_script(after, path, kind)
    for _ in range(MOST_ROUNDS):
        found = [(finding, edits) for finding in report.findings if (edits := _edits(finding))]
        if not found or report.script is None:
            break
        try:
            changed = rewrite(
                report.script.source, [edit.values for _, edits in found for edit in edits], path
            )
        except RewriteError as error:
            refused = str(error)
            break
        if changed == after:
            break
        remaining = examiner.examine_script(changed, path, kind)
        left = {(finding.fingerprint, finding.message) for finding in remaining.findings}
        applied.extend(one for one, _ in found if (one.fingerprint, one.message) not in left)
        after, report = changed, remaining
    return ScriptOutcome(path, before, after, tuple(applied), refused, report)


def _edits(finding: Finding) -> Sequence[Edit]:
    if finding.fix is None or finding.fix.safety is not Safety.SAFE:
        return ()
    return [edit for edit in finding.fix.edits if edit.kind == REPLACE_SOURCE]


def write_script(outcome: ScriptOutcome) -> None:
    """Put the new file in the place of the old one; a link keeps pointing to its file. Raises OSError."""
    path = Path(os.path.realpath(outcome.path))
    if path.read_bytes() != outcome.before:
        raise OSError(f"{outcome.path} changed meanwhile; nothing was written")
    write_atomically(path, outcome.after)

"""``lint --fix`` and ``lint --diff`` for scripts and notebooks."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence

from ..fix.scripts import ScriptOutcome, repair_script, write_script
from ..lint.file_report import FileReport
from ..lint.linter import Linter
from ..lint.wording import counted
from ..model.errors import ReadError
from ..report.text import printable
from .main import complain


def fix_scripts(paths: Sequence[str], linter: Linter, *, write: bool) -> tuple[list[FileReport], int]:
    """Repair each script, or show what would change; the reports on what came out, and the worst exit code.

    Exit code 1 for ``write=False`` says that something would change, as other tools have it.
    """
    reports, worst = [], 0
    for path in paths:
        try:
            outcome = repair_script(path, linter.examiner_of(path))
            if outcome.after != outcome.before and write:
                write_script(outcome)
        except (OSError, ReadError) as error:
            complain(f"{path}: {error}")
            worst = 2
            continue
        reports.append(outcome.report)
        if outcome.refused is not None:
            complain(f"{path}: {outcome.refused}")
        if outcome.after != outcome.before:
            _tell(outcome, write=write)
            worst = max(worst, 0 if write else 1)
    return reports, worst


def _tell(outcome: ScriptOutcome, *, write: bool) -> None:
    if not write:
        sys.stdout.write(difference(outcome))
        return
    codes = ", ".join(dict.fromkeys(finding.code for finding in outcome.applied))
    name = printable(outcome.path)
    # Beside the report, which may be one for programs.
    print(f"{name}: {counted(len(outcome.applied), 'finding')} mended ({codes})", file=sys.stderr)


def difference(outcome: ScriptOutcome) -> str:
    """A unified diff, as ``git apply`` takes it."""
    before, after = (data.decode("utf-8", "backslashreplace") for data in (outcome.before, outcome.after))
    name = printable(outcome.path).lstrip("/")
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )

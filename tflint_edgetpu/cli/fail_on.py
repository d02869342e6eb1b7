"""What the option --fail-on means."""

from __future__ import annotations

from collections.abc import Iterable

from ..lint.finding import Finding, Severity


def fails(findings: Iterable[Finding], level: str) -> bool:
    """Whether one of ``findings`` is as grave as ``level``: error, warning, info or never."""
    return level != "never" and any(finding.severity >= Severity[level.upper()] for finding in findings)

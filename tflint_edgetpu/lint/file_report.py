"""Everything that was found out about one file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..edgetpu.placement import Placement
from ..model.graph import Model
from .finding import Finding, Severity
from .settings import Settings

if TYPE_CHECKING:
    from ..edgetpu.compiled import CompiledModel
    from ..edgetpu.log import CompilerLog
    from ..edgetpu.observed import Observed
    from ..script.script import Script
    from .contract import Contract

# What a file can be. A source or notebook is a script that makes models; settings are a source as well.
KINDS = ("model", "compiled", "log", "source", "notebook", "unreadable")
# Why a finding is suppressed that a baseline holds. Others carry the reason of their ignore.
KNOWN = "known from the baseline"


class FileReport:
    """One file: what it is, what was computed of it, what the rules found. Reporters change nothing.

    ``error`` is one line where the file could not be read; ``failures`` are lines about rules that
    raised.  Either makes the run end with exit code 2.
    """

    def __init__(
        self,
        path: str,
        kind: str,
        settings: Settings,
        *,
        error: str | None = None,
        model: Model | None = None,
        placement: Placement | None = None,
        contract: Contract | None = None,
        findings: Sequence[Finding] = (),
        suppressed: Sequence[tuple[Finding, str]] = (),
        ignores_used: Iterable[int] = (),
        failures: Sequence[str] = (),
        log: CompilerLog | None = None,
        compiled: CompiledModel | None = None,
        observed: Observed | None = None,
        script: Script | None = None,
    ) -> None:
        self.path = path
        self.kind = kind
        self.settings = settings
        self.error = error
        self.model = model  # its constants can no longer be read
        self.placement = placement  # of a model that is not compiled
        self.contract = contract
        self.findings = tuple(findings)
        self.suppressed = tuple(suppressed)  # with the reason: the baseline, or that of an ignore
        self.ignores_used = frozenset(ignores_used)  # by their number in the settings
        self.failures = tuple(failures)
        self.log = log
        self.compiled = compiled
        self.observed = observed
        self.script = script

    @property
    def broken(self) -> bool:
        """Whether the job could not be done."""
        return self.error is not None or bool(self.failures)

    @property
    def failing(self) -> bool:
        """Whether there is a finding that fails the run."""
        return any(map(self.is_failed_by, self.findings))

    def is_failed_by(self, finding: Finding) -> bool:
        """Whether ``finding`` is as grave as what fails the run."""
        limit = self.settings.fail_on
        return limit is not None and finding.severity >= limit

    def without_model(self) -> FileReport:
        """The same file without what takes memory: enough to count, to compare and to list findings."""
        return FileReport(
            self.path,
            self.kind,
            self.settings,
            error=self.error,
            findings=self.findings,
            suppressed=self.suppressed,
            ignores_used=self.ignores_used,
            failures=self.failures,
            compiled=self.compiled,
        )

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)

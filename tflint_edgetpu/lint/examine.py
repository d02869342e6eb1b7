"""One file from its bytes to its report: read, place, run the rules, select, suppress."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ..edgetpu.support.registry import SupportTable
from ..model.errors import ReadError
from ..model.reader import read_model
from .context import Context
from .contract import contract
from .file_report import KNOWN, FileReport
from .ignores import Ignores
from .run import run_rules, with_fingerprints
from .select import Selection
from .settings import Settings

if TYPE_CHECKING:
    from ..edgetpu.observed import Observed
    from ..edgetpu.placement import Placement
    from ..model.graph import Model
    from .baseline import Baseline
    from .evidence import Evidence, EvidencePaths
    from .finding import Finding
    from .placement_baseline import PlacementBaseline
    from .plugins import Plugins

_LOGS = (".log", ".txt")
_SCRIPTS = {".py": "source", ".ipynb": "notebook"}
T = TypeVar("T")
_NO_MEMORY = "there is not enough memory to read it"


class Examiner:
    """Examines files with one set of settings; what all files share is prepared once."""

    def __init__(
        self,
        settings: Settings,
        plugins: Plugins,
        baseline: Baseline | None = None,
        placement_baseline: PlacementBaseline | None = None,
    ) -> None:
        """Raises SettingsError for a setting that names what does not exist, PluginError for a broken plugin."""
        self.settings = settings
        self.plugins = plugins
        self.baseline = baseline
        self.placement_baseline = placement_baseline
        self.selection = Selection(settings, plugins)
        self._table = SupportTable(plugins.constraints)

    def examine(self, path: str, evidence: EvidencePaths | None = None) -> FileReport:
        """The report on one file. Never raises: what cannot be read, or breaks a rule, is reported."""
        suffix = os.path.splitext(path)[1].lower()
        try:
            if suffix in _SCRIPTS and os.path.isfile(path):
                return self._examine_script(path, _SCRIPTS[suffix])
            if suffix in _LOGS and os.path.isfile(path):
                return self._examine_log(path)
            return self._examine_model(path, evidence)
        except ReadError as error:
            return FileReport(path, "unreadable", self.settings, error=str(error))
        except MemoryError:
            return FileReport(path, "unreadable", self.settings, error=_NO_MEMORY)

    def examine_bytes(self, data: bytes, name: str) -> FileReport:
        """The report on a model or a log that is in memory; never raises either."""
        try:
            return self._judge(name, read_model(data), None)
        except ReadError as error:
            from ..edgetpu.log import is_compiler_output, read_log

            if is_compiler_output(data):
                return self._report(name, Context(None, log=read_log(data), **self._options()), "log", [])
            return FileReport(name, "unreadable", self.settings, error=str(error))

    def _examine_log(self, path: str) -> FileReport:
        from .evidence import read_compiler_log, read_converter_log

        try:
            log = read_compiler_log(path)
        except ReadError:
            messages = read_converter_log(path)
            if not messages:
                raise
            return self._report(path, Context(None, converter=messages, **self._options()), "log", [])
        return self._report(path, Context(None, log=log, **self._options()), "log", [])

    def _examine_script(self, path: str, kind: str) -> FileReport:
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError as error:
            raise ReadError(f"cannot be read: {error.strerror or error}") from None
        return self.examine_script(data, path, kind)

    def examine_script(self, data: bytes, path: str, kind: str) -> FileReport:
        """The report on a script in memory; raises ReadError for what is none."""
        from ..script.marks import mentions_converter

        if not mentions_converter(data):
            return FileReport(path, kind, self.settings)
        from ..script.script import read_script

        script = read_script(data, path)
        return self._report(path, Context(None, script=script, **self._options()), kind, [])

    def _examine_model(self, path: str, wanted: EvidencePaths | None) -> FileReport:
        try:
            model = read_model(path)
        except ReadError:
            from .evidence import is_log

            if is_log(path):  # a log under any other name
                return self._examine_log(path)
            raise
        if wanted is None:
            try:
                return self._judge(path, model, None)
            finally:
                model.close()
        from .evidence import Evidence

        evidence = Evidence(wanted.of(path))
        try:
            return self._judge(path, model, evidence)
        finally:
            evidence.close()
            model.close()

    def _judge(self, path: str, model: Model, evidence: Evidence | None) -> FileReport:
        context = Context(
            model,
            log=evidence.log if evidence else None,
            compiled=evidence.compiled if evidence else None,
            **self._options(),
        )
        kind = "compiled" if context.is_compiled else "model"
        return self._report(path, context, kind, evidence.problems if evidence else [])

    def _options(self) -> dict[str, Any]:
        settings = self.settings
        return {
            "target": settings.target,
            "consumer": settings.consumer,
            "multiple_subgraphs": settings.multiple_subgraphs,
            "table": self._table,
        }

    def _report(self, path: str, context: Context, kind: str, problems: list[str]) -> FileReport:
        failures = list(problems)
        has_plain_model = context.has_model and not context.is_compiled
        placement = observed = interface = None
        if context.has_model:
            interface = _attempt("interface", lambda: contract(context.model, context.dataflow), failures)
        if has_plain_model:
            placement = _attempt("placement", lambda: _complete_placement(context), failures)
            observed = _attempt("comparison with the compiler", lambda: context.observed, failures)
        findings, broken = run_rules(context, self.plugins.listed.values())
        findings = with_fingerprints([*findings, *self._gates(path, context, placement, observed)])
        failures.extend(str(failure) for failure in broken if failure.code in self.selection.codes)
        known = self.baseline.of(path) if self.baseline else frozenset()
        model = context.model if context.has_model else None
        ignores = Ignores(self.settings, path, self.selection)
        comments = None
        if context.script is not None:
            from .script_place import ScriptComments

            comments = ScriptComments(context.script, self.selection)
        kept: list[Finding] = []
        suppressed: list[tuple[Finding, str]] = []
        for finding in self.selection.apply(findings):
            reason = ignores.reason(finding, model)
            if reason is None and comments is not None:
                reason = comments.reason(finding)
            if reason is None and finding.fingerprint in known:
                reason = KNOWN
            if reason is None:
                kept.append(finding)
            else:
                suppressed.append((finding, reason))
        return FileReport(
            path,
            kind,
            self.settings,
            model=model,
            placement=placement,
            contract=interface,
            findings=kept,
            suppressed=suppressed,
            ignores_used=ignores.used,
            failures=failures,
            log=context.log,
            compiled=context.compiled,
            observed=observed,
            script=context.script,
        )

    def _gates(
        self, path: str, context: Context, placement: Placement | None, observed: Observed | None
    ) -> list[Finding]:
        """What the settings demand of the numbers, whatever the rules say."""
        found: list[Finding] = []
        if self.settings.budgets:
            from .budget import breaches
            from .budget_numbers import numbers_of

            found.extend(breaches(path, numbers_of(context, placement, observed), self.settings))
        if self.placement_baseline is not None:
            from .placement_baseline import regressions

            found.extend(regressions(path, placement, self.placement_baseline))
        return found


def _complete_placement(context: Context) -> Placement:
    """The placement with all that reports show of it, computed while the file is open."""
    placement = context.placement
    placement.compiles, placement.memory  # noqa: B018
    return placement


def _attempt(what: str, compute: Callable[[], T], failures: list[str]) -> T | None:
    """The result of an analysis; a failure of one, for example in a plugin's constraint, costs only that."""
    try:
        return compute()
    except Exception as error:
        failures.append(f"the {what} cannot be computed: {type(error).__name__}: {error}")
        return None

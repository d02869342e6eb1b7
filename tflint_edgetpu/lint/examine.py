"""One file from its bytes to its report: read, place, run the rules, select, suppress."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..edgetpu.support.registry import SupportTable
from ..model.errors import ReadError
from ..model.graph import Model
from ..model.reader import read_model
from .baseline import REASON
from .context import Context
from .contract import contract
from .core_rules import CORE_RULES
from .file_report import FileReport
from .ignores import Ignores
from .run import run_rules, with_fingerprints
from .select import Selection
from .settings import Settings

if TYPE_CHECKING:
    from ..edgetpu.placement import Placement
    from .baseline import Baseline
    from .finding import Finding
    from .placement_baseline import PlacementBaseline
    from .plugins import Plugins

_LOG_SUFFIXES = (".log", ".txt")
_LATER = {".py": ("source", "a Python script"), ".ipynb": ("notebook", "a notebook")}


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
        rules = [*CORE_RULES, *(rule for _, rule in plugins.rules.values())]
        self.selection = Selection(settings, rules)
        for entry in settings.ignores:
            self.selection.codes_of(entry.code, "ignore.code")
        self._table = SupportTable(plugins.constraints)

    def examine(self, path: str) -> FileReport:
        """The report on one file. Never raises: what cannot be read, or breaks a rule, is reported."""
        suffix = os.path.splitext(path)[1].lower()
        if suffix in _LATER and os.path.isfile(path):
            kind, what = _LATER[suffix]
            error = f"this is {what}; only .tflite models and output of edgetpu_compiler can be linted"
            return FileReport(path, kind, self.settings, error=error)
        try:
            model = read_model(path)
        except ReadError as error:
            return FileReport(path, "unreadable", self.settings, error=str(error))
        except MemoryError:
            return FileReport(
                path, "unreadable", self.settings, error="there is not enough memory to read it"
            )
        try:
            return self._judge(path, model)
        finally:
            model.close()

    def _judge(self, path: str, model: Model) -> FileReport:
        context = Context(
            model,
            target=self.settings.target,
            consumer=self.settings.consumer,
            multiple_subgraphs=self.settings.multiple_subgraphs,
            table=self._table,
        )
        failures: list[str] = []
        placement = None
        if not context.is_compiled:
            try:
                placement = context.placement
            except Exception as error:  # a constraint of some plugin
                failures.append(f"the placement cannot be predicted: {type(error).__name__}: {error}")
        findings, broken = run_rules(context, self.plugins.rules.values())
        findings = with_fingerprints([*findings, *self._gates(path, model, placement)])
        failures.extend(str(failure) for failure in broken if failure.code in self.selection.codes)
        known = self.baseline.of(path) if self.baseline else frozenset()
        ignores = Ignores(self.settings, path, self.selection)
        kept, suppressed = [], []
        for finding in self.selection.apply(findings):
            reason = ignores.reason(finding, model)
            if reason is None and finding.fingerprint in known:
                reason = REASON
            if reason is None:
                kept.append(finding)
            else:
                suppressed.append((finding, reason))
        return FileReport(
            path,
            "compiled" if context.is_compiled else "model",
            self.settings,
            model=model,
            placement=placement,
            contract=contract(model, context.dataflow),
            findings=kept,
            suppressed=suppressed,
            ignores_used=ignores.used,
            failures=failures,
        )

    def _gates(self, path: str, model: Model, placement: Placement | None) -> list[Finding]:
        """What the settings demand of the numbers, whatever the rules say."""
        found: list[Finding] = []
        if self.settings.budgets:
            from .budget import breaches

            found.extend(breaches(path, model, placement, self.settings))
        if self.placement_baseline is not None:
            from .placement_baseline import regressions

            found.extend(regressions(path, placement, self.placement_baseline))
        return found


def examine(path: str, settings: Settings, plugins: Plugins, baseline: Baseline | None = None) -> FileReport:
    """The report on one file; for several files with the same settings keep an :class:`Examiner`."""
    return Examiner(settings, plugins, baseline).examine(path)

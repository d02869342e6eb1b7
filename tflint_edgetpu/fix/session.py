"""Lint, apply the fixes, pack, read again, lint again, until nothing is left to fix; prove each round.

A round applies every fix that is allowed to one tree.  An edit refuses what no longer fits because an
earlier one changed it, and gets its turn in the next round, when the rules have seen the new model.  A
round that fails its checks is thrown away and its fixes are tried one by one, so that only the guilty
ones are rolled back.  The input bytes are never touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..edgetpu.placement import Placement
from ..lint.finding import Finding, Safety, Severity
from ..model.errors import ReadError
from ..model.graph import Model
from ..verify.numeric import Comparison, compare
from ..verify.structure import structure_problems
from .edit import EditKind, EditRefused
from .tree import Tree

# A fix may uncover the next one; a model with more rounds than this has a fix that undoes another.
MAX_ROUNDS = 200
# An UNSAFE fix passes by its stated steps, or where its error is this far below the signal: over a deep
# network single steps add up although the result is as good (healthy int8 models have 24 to 53 dB
# against float).
UNSAFE_SQNR_DB = 25.0


class Linted(NamedTuple):
    """A model with all that the rules say of it."""

    model: Model
    findings: tuple[Finding, ...]
    placement: Placement


class Attempt(NamedTuple):
    """One fix that was tried: what became of it and why."""

    code: str
    title: str
    safety: Safety
    refs: tuple[str, ...]
    labels: tuple[str, ...]
    outcome: str  # applied, refused (does not fit), rolled back (a check failed)
    reason: str | None


class Outcome(NamedTuple):
    """The whole session. ``after`` is ``before`` where nothing was applied."""

    before: bytes
    after: bytes
    linted_before: Linted
    linted_after: Linted
    attempts: tuple[Attempt, ...]
    comparison: Comparison | None  # of the two models; None where nothing was applied

    @property
    def applied(self) -> tuple[Attempt, ...]:
        return tuple(attempt for attempt in self.attempts if attempt.outcome == "applied")

    @property
    def rolled_back(self) -> tuple[Attempt, ...]:
        return tuple(attempt for attempt in self.attempts if attempt.outcome == "rolled back")


class Session:
    """Fixes of one level of safety and better, for one model after the other."""

    def __init__(
        self,
        lint: Callable[[bytes], Linted],
        kinds: Mapping[str, EditKind],
        *,
        level: Safety = Safety.SAFE,
        wanted: Callable[[Finding], bool] = lambda finding: True,
        samples: int = 8,
        inputs: str | None = None,
    ) -> None:
        self._lint = lint
        self._kinds = kinds
        self._level = level
        self._wanted = wanted
        self._samples = samples
        self._inputs = inputs

    def run(self, data: bytes) -> Outcome:
        """Repair ``data``; raises ReadError where it is no model, CannotVerify where nothing can be proved."""
        state = _State(data, self._lint(data))
        first = state.linted
        # The safe fixes first, held to bit-identity; the others on what they left.
        for level in (Safety.SAFE, Safety.UNSAFE):
            if level >= self._level:
                self._until_stable(state, level)
        comparison = None
        if state.data != data:
            comparison = self._compare(state, data, state.data)
        return Outcome(data, state.data, first, state.linted, tuple(state.attempts), comparison)

    def _until_stable(self, state: _State, level: Safety) -> None:
        together = True
        for _ in range(MAX_ROUNDS):
            fixes = self._due(state, level)
            if not fixes:
                return
            # After a round that failed its checks, one fix a round: refs change with every one applied.
            if self._try(state, fixes if together else fixes[:1], level) is None:
                together = False

    def _due(self, state: _State, level: Safety) -> list[Finding]:
        return [
            finding
            for finding in state.linted.findings
            if self._is_due(finding, level) and _key(finding) not in state.settled
        ]

    def _is_due(self, finding: Finding, level: Safety) -> bool:
        fix = finding.fix
        return fix is not None and bool(fix.edits) and fix.safety is level and self._wanted(finding)

    def _try(self, state: _State, findings: list[Finding], level: Safety) -> bool | None:
        """Apply the fixes of ``findings`` together. ``None``: a check failed and nothing was kept."""
        tree = Tree(state.data)
        done: list[Finding] = []
        refused: list[tuple[Finding, str]] = []
        problem, linted, data = None, None, state.data
        try:
            for finding in findings:
                why = self._apply(tree, finding)
                if why is None:
                    done.append(finding)
                else:
                    refused.append((finding, why))
            if done:
                data = tree.pack()
        except Exception as error:
            # A plugin's edit, or ours on a model nobody foresaw. The tree may be half changed and is not kept.
            done, problem = findings, f"its edit failed with {type(error).__name__}: {error}"
        if done:
            if problem is None:
                problem, linted = self._check(state, data, done, level)
            if problem is not None or linted is None:
                if len(findings) == 1:
                    state.settle(findings[0], "rolled back", problem)
                    return False
                return None
            state.data, state.linted = data, linted
            state.seen.add(hash(data))
            for finding in done:
                state.record(finding, "applied", None)
        for finding, why in refused:
            # With nothing else done, another round would refuse it again.
            if not done:
                state.settle(finding, "refused", why)
        return bool(done)

    def _apply(self, tree: Tree, finding: Finding) -> str | None:
        assert finding.fix is not None
        changed = False
        for edit in finding.fix.edits:
            kind = self._kinds.get(edit.kind)
            if kind is None:
                return f"no plugin knows the edit '{edit.kind}'"
            try:
                kind.apply(tree, edit.ref, edit.values)
                changed = True
            except EditRefused as refusal:
                # Later edits of a fix do not depend on earlier ones: the rest is worth having.
                if not changed and edit is finding.fix.edits[-1]:
                    return str(refusal)
        return None if changed else "none of its edits fits"

    def _check(
        self, state: _State, data: bytes, done: list[Finding], level: Safety
    ) -> tuple[str | None, Linted | None]:
        if hash(data) in state.seen:
            return "it undoes what another fix did", None
        known = set(structure_problems(state.data))
        new = [problem for problem in structure_problems(data) if problem not in known]
        if new:
            return new[0], None
        try:
            linted = self._lint(data)
        except ReadError as error:
            return str(error), None
        problem = _made_worse(state.linted, linted, done)
        if problem is None:
            problem = self._numbers_moved(state, data, done, level)
        return problem, linted

    def _compare(self, state: _State, old: bytes, new: bytes) -> Comparison:
        """The last comparison is kept: after a single round it is that of the whole session as well."""
        if state.compared is None or state.compared[0] is not old or state.compared[1] is not new:
            comparison = compare(old, new, samples=self._samples, inputs=self._inputs)
            state.compared = old, new, comparison
        return state.compared[2]

    def _numbers_moved(self, state: _State, new: bytes, done: list[Finding], level: Safety) -> str | None:
        comparison = self._compare(state, state.data, new)
        if comparison.failure is not None:
            return comparison.failure
        if level is Safety.SAFE:
            if comparison.identical:
                return None
            names = [output.name for output in comparison.outputs if output.different]
            return f"the fix is called safe but moves {', '.join(names or comparison.shared_different)[:120]}"
        bound = sum(self._kinds[edit.kind].bound for f in done if f.fix for edit in f.fix.edits)
        for output in comparison.outputs:
            if output.worst_steps is None:
                return f"output '{output.name}' has another shape"
            if output.worst_steps > bound and (output.sqnr_db or 0.0) < UNSAFE_SQNR_DB:
                return (
                    f"output '{output.name}' moves by {output.worst_steps:.1f} steps ({output.sqnr_db or 0:.1f} dB), "
                    f"more than the stated {bound:g} steps or {UNSAFE_SQNR_DB:g} dB"
                )
        return None


class _State:
    """The model so far, and what has been tried."""

    def __init__(self, data: bytes, linted: Linted) -> None:
        self.data = data
        self.linted = linted
        self.compared: tuple[bytes, bytes, Comparison] | None = None
        self.seen = {hash(data)}  # models this session has been at
        self.attempts: list[Attempt] = []
        self.settled: set[tuple[str, str]] = set()  # fixes that were given up

    def record(self, finding: Finding, outcome: str, reason: str | None) -> None:
        assert finding.fix is not None
        self.attempts.append(
            Attempt(
                finding.code,
                finding.fix.title,
                finding.fix.safety,
                tuple(location.ref for location in finding.locations),
                tuple(location.label for location in finding.locations),
                outcome,
                reason,
            )
        )

    def settle(self, finding: Finding, outcome: str, reason: str | None) -> None:
        self.settled.add(_key(finding))
        self.record(finding, outcome, reason)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.fingerprint


def _made_worse(before: Linted, after: Linted, done: list[Finding]) -> str | None:
    """Why the new model is no improvement, ``None`` where it is one."""
    if after.placement.share < before.placement.share - 1e-9:
        return (
            f"less of the arithmetic would run on the Edge TPU: {after.placement.share:.1%} instead of "
            f"{before.placement.share:.1%}"
        )
    worst_fixed = max(finding.severity for finding in done)
    old = Counter(finding.code for finding in before.findings)
    for code, severity in _highest(after.findings).items():
        if severity is not Severity.INFO and severity > worst_fixed and not old[code]:
            return f"it would bring up {code} ({severity.word})"
    return None


def _highest(findings: tuple[Finding, ...]) -> dict[str, Severity]:
    highest: dict[str, Severity] = {}
    for finding in findings:
        highest[finding.code] = max(finding.severity, highest.get(finding.code, Severity.INFO))
    return highest

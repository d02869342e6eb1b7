"""Which candidate maps best, by our own placement, and in words why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ..fix.session import Linted, Outcome
from ..lint.finding import Severity
from ..lint.wording import counted, percent
from .attempt import Attempt


class Candidate(NamedTuple):
    """An attempt, read again, linted, repaired with SAFE fixes and linted once more."""

    attempt: Attempt
    outcome: Outcome | None  # None: there is no model, or none that can be read
    problem: str | None = None  # why not, where the converter was content
    repaired: str = (
        ""  # what fixes within rounding did, see :mod:`.rounding`; empty where there are SAFE ones only
    )

    @property
    def name(self) -> str:
        """What reports call it."""
        return f"{self.attempt.recipe.step}, repaired" if self.repaired else self.attempt.recipe.step

    @property
    def linted(self) -> Linted | None:
        return None if self.outcome is None else self.outcome.linted_after


def best_of(candidates: Sequence[Candidate]) -> Candidate | None:
    """Most arithmetic on the Edge TPU, then fewest findings by severity, then fewest operators on the CPU;
    the earlier step of the ladder where nothing tells them apart.
    """
    usable = [candidate for candidate in candidates if candidate.outcome is not None]
    return max(usable, key=_rank) if usable else None  # max keeps the first of equals


def mapped_share(linted: Linted) -> float:
    """Share of the arithmetic on the Edge TPU; nothing of a file that the compiler refuses as a whole."""
    return 0.0 if linted.placement.compiles.is_refused else linted.placement.share


def _rank(candidate: Candidate) -> tuple[float, ...]:
    linted = candidate.linted
    assert linted is not None
    numbers = Counter(finding.severity for finding in linted.findings)
    return (
        round(mapped_share(linted), 6),
        -numbers[Severity.ERROR],
        -numbers[Severity.WARNING],
        -numbers[Severity.INFO],
        -linted.placement.cpu,
    )


def why_best(best: Candidate, candidates: Sequence[Candidate]) -> str:
    """One sentence: what the others have less of."""
    linted = best.linted
    assert linted is not None
    others = [c for c in candidates if c.outcome is not None and c is not best]
    share = percent(mapped_share(linted))
    if not others:
        failed = sum(candidate.outcome is None for candidate in candidates)
        return f"the only one that converted, after {counted(failed, 'failed step')}" if failed else (
            f"the first step gave {share} of the arithmetic on the Edge TPU, and nothing else could add to it"
        )  # fmt: skip
    second = best_of(others)
    assert second is not None and second.linted is not None
    theirs = second.linted
    name = f"'{second.name}'"
    if round(mapped_share(theirs), 6) < round(mapped_share(linted), 6):
        return f"{share} of the arithmetic on the Edge TPU, {percent(mapped_share(theirs))} with {name}"
    mine, other = _counts(linted), _counts(theirs)
    if mine != other:
        return f"as much of the arithmetic on the Edge TPU as {name} ({share}), with fewer findings"
    if linted.placement.cpu != theirs.placement.cpu:
        return (
            f"as much arithmetic as {name} ({share}), with {counted(linted.placement.cpu, 'operator')} on the CPU "
            f"instead of {theirs.placement.cpu}"
        )
    return f"no different from {name} ({share}), and the simpler one"


def _counts(linted: Linted) -> Counter[Severity]:
    return Counter(finding.severity for finding in linted.findings)

"""Fixes that move outputs by rounding, as candidates of their own: held against the float model, not taken on trust.

A SAFE fix leaves every bit where it was.  Some forms that the Edge TPU takes round elsewhere (PRELU for LEAKY_RELU, a
convolution a group): by a step or so, which is what the quantization itself costs.  Where the float model is at hand,
that is measured.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ..fix.session import Outcome
from ..lint.finding import Safety
from ..lint.wording import percent
from ..verify.agreement import Agreement, Thresholds, agree
from ..verify.numeric import CannotVerify
from .choice import Candidate, mapped_share

# What rounding elsewhere may cost of the agreement with the float model. A guess: most repairs seen so far cost less
# than half of it, and a wrong one costs tens.
MOST_LOST_DB = 1.0
# More may go where the model stays good: healthy integer models have 24 to 53 dB. A loss of 6 dB doubles the error,
# no more. A GELU written as x * sigmoid(1.702 x) went from 35.6 to 32.2 dB (measured on a small classifier).
MOST_LOST_OF_GOOD_DB = 6.0
GOOD_DB = 25.0


class Held(NamedTuple):
    """What there is to hold a model against."""

    reference: bytes | None
    samples: Path | None
    held_back: Path | None
    thresholds: Thresholds


class Repaired(NamedTuple):
    """A candidate with fixes within rounding, or a sentence on why there is none although it would map more."""

    candidate: Candidate | None
    note: str | None = None


def repair_within_rounding(
    candidate: Candidate, repair: Callable[[bytes, Safety], Outcome], held: Held
) -> Repaired:
    """Raises what ``repair`` raises."""
    safe = candidate.outcome
    if safe is None or not any(
        f.fix and f.fix.safety is Safety.UNSAFE and f.fix.edits for f in safe.linted_after.findings
    ):
        return Repaired(None)
    outcome = repair(safe.before, Safety.UNSAFE)
    codes = [attempt.code for attempt in outcome.applied if attempt.safety is Safety.UNSAFE]
    gained = mapped_share(outcome.linted_after)
    if not codes or gained <= mapped_share(safe.linted_after) + 1e-9:
        return Repaired(None)
    which = ", ".join(dict.fromkeys(codes))
    more = f"fixes within rounding ({which}) would map {percent(gained)}"
    if held.reference is None or held.samples is None:
        return Repaired(
            None, f"{more} of the arithmetic; without a float model to hold it against it was not taken"
        )
    try:
        before, after = (
            agree(held.reference, data, held.samples, held.held_back, None, held.thresholds)
            for data in (safe.after, outcome.after)
        )
    except CannotVerify as error:
        return Repaired(None, f"{more} of the arithmetic; it was not taken: {error}")
    problem = _dropped(before, after)
    if problem is not None:
        return Repaired(None, f"{more} of the arithmetic; it was not taken: {problem}")
    numbers = f"{_decibels(after)} against the float model, {_decibels(before)} without"
    proof = f"{which}, outputs move by rounding: {numbers}"
    return Repaired(candidate._replace(outcome=outcome, repaired=proof))


def _dropped(before: Agreement, after: Agreement) -> str | None:
    """Why the repaired model is not as good, ``None`` where it is."""
    if after.failure is not None:
        return after.failure
    if len(after.problems) > len(before.problems):
        return after.problems[0]
    allowed = MOST_LOST_OF_GOOD_DB if _sqnr(after) >= GOOD_DB else MOST_LOST_DB
    if _sqnr(after) < _sqnr(before) - allowed:
        return f"{_decibels(after)} against the float model instead of {_decibels(before)}"
    return None


def _sqnr(found: Agreement) -> float:
    return float("inf") if found.worst is None or found.worst.sqnr_db is None else found.worst.sqnr_db


def _decibels(found: Agreement) -> str:
    return "no difference" if _sqnr(found) == float("inf") else f"{_sqnr(found):.1f} dB"

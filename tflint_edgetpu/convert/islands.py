"""Operators that the converter left in float: named, or converted once more.

'Integers only' does not stop TensorFlow's quantizer from leaving an operator in float, and it says nothing.  Two
causes look alike: the operator has no integer kernel (NEG), or the quantizer did not get to it this time.  It visits
the graph in an order that changes from run to run: of 16 conversions of one unrolled LSTM with TensorFlow 2.21, half
left a SPLIT in float (measured).  The older, strict quantizer tells them apart: it names the operators without a
kernel, or converts everything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .choice import Candidate
from .conversion import float_operators
from .recipe import Recipe, strict

MOST_REPEATS = 2  # each takes as long as the first conversion


class Closed(NamedTuple):
    """What came of it."""

    candidates: tuple[Candidate, ...] = ()  # in which less may be left in float
    operators: tuple[str, ...] = ()  # without an integer kernel

    @property
    def said(self) -> str:
        """What the strict quantizer said, as it says it."""
        return "\n".join(f"Quantization not yet supported for op: '{name}'." for name in self.operators)


def close_islands(best: Candidate, convert: Callable[[Recipe, str], Candidate]) -> Closed:
    """``convert`` makes and judges a candidate of a recipe."""
    left = _left(best)
    if not left:
        return Closed()
    recipe = best.attempt.recipe
    probe = convert(
        strict(recipe),
        f"{', '.join(sorted(left))} stayed in float: the strict quantizer names it, or does it",
    )
    if probe.outcome is not None:
        return Closed((probe,))
    failure = probe.attempt.failure
    named = failure.operators if failure is not None else ()
    repeats: list[Candidate] = []
    for _ in range(MOST_REPEATS):
        missed = left.difference(named)
        if not named or not missed:
            break
        why = f"{', '.join(sorted(missed))} has an integer kernel: the quantizer does not find the same ones each time"
        again = convert(recipe._replace(step=f"{recipe.step}, again"), why)
        repeats.append(again)
        if again.outcome is not None:
            left = _left(again)
    return Closed(tuple(repeats), named)


def _left(candidate: Candidate) -> frozenset[str]:
    return frozenset() if candidate.linted is None else frozenset(float_operators(candidate.linted.model))

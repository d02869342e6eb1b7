"""A model at hand that a conversion is to replace: what the rules say of it, and how near it is to the float model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ..edgetpu.target import Target
from ..fix.session import Linted
from ..verify.chain import Stage, run_chain


class Before(NamedTuple):
    """The old model, judged as the new one is."""

    linted: Linted
    agreement: Stage  # with the float model of the source


def judge_before(
    data: bytes,
    lint: Callable[[bytes], Linted],
    *,
    reference: bytes | None,
    samples: Path | None,
    held_back: Path | None,
    target: Target,
) -> Before:
    """Raises ReadError for what is no model, RuleFailure."""
    linted = lint(data)
    stages = run_chain(
        data,
        reference=reference,
        samples=samples,
        held_back=held_back,
        target=target,
        compiler=None,
        device="never",
    )
    return Before(linted, next(stage for stage in stages if stage.name == "agreement"))

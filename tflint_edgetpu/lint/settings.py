"""What a run was told: which rules, which target, what may be ignored. Plain data with defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..edgetpu.target import DEFAULT_TARGET, Target
from ..model.record import NamedTuple
from .finding import Severity

# The words that settings and options take.
CONSUMERS = ("pycoral", "frigate")
LEVELS = {"error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}
NEVER = "never"  # findings do not fail the run
# What the verify chain asks of a model, with the lowest and highest value that makes sense.
VERIFY_LIMITS = {
    "sqnr-db": (0.0, 200.0), "cosine": (0.0, 1.0), "steps": (0.0, 255.0), "top1": (0.0, 1.0),
    "varying-db": (-100.0, 200.0), "mapped-share": (0.0, 1.0), "device-steps": (0.0, 255.0),
}  # fmt: skip


class SettingsError(Exception):
    """A setting or an option cannot be used; the text is one line for a person."""


class Ignore(NamedTuple):
    """One ``[[tool.tflint-edgetpu.ignore]]``: findings somebody looked at and accepts, with the reason."""

    code: str  # a code, a prefix of one, or a rule's name
    reason: str
    path: str | None = None  # pattern of files, None: all
    tensor: str | None = None  # pattern of tensor names, None: all
    line: int | None = None  # of the settings file


class Budget(NamedTuple):
    """One table of limits and the files it holds for, see :mod:`.budget`."""

    path: str | None  # pattern of files, None: all
    limits: Mapping[str, Any]


class Settings(NamedTuple):
    select: tuple[str, ...] = ()  # codes, prefixes or names; empty: all
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = {}
    fail_on: Severity | None = Severity.ERROR  # None: findings never fail a run
    target: Target = DEFAULT_TARGET
    multiple_subgraphs: bool = False  # the compiler's -a
    consumer: str | None = None
    baseline: str | None = None
    exclude: tuple[str, ...] = ()  # patterns of files that a directory does not stand for
    ignores: tuple[Ignore, ...] = ()
    budgets: tuple[Budget, ...] = ()
    verify: Mapping[str, float] = {}  # limits of the verify chain by their names, those of VERIFY_LIMITS
    file: str | None = None  # where these were read

"""A gate on numbers: ``[tool.tflint-edgetpu.budget]``. A breach is a finding like any other.

A table with a ``path`` holds for the files that it names, and its limits take the place of those of the
table without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import floor
from typing import Any

from ..model.record import NamedTuple
from .budget_numbers import Number, Numbers
from .core_rules import BudgetExceeded
from .finding import Certainty, Finding, Location
from .settings import Settings
from .wording import counted


class Breach(NamedTuple):
    """``message`` says the number and the limit, ``number`` is what was judged."""

    message: str
    number: Number
    where: tuple[Location, ...] = ()


class Limit(NamedTuple):
    """One key of a budget. ``problem`` says what a value must be, ``None`` where it is that."""

    problem: Callable[[Any], str | None]
    check: Callable[[Any, Numbers], Breach | None]


def _share_or_count(value: Any) -> str | None:
    if _is_number(value) and (isinstance(value, int) or value <= 1):
        return None
    return "a number of operators such as 120 or a share such as 0.95"


def _share(value: Any) -> str | None:
    return None if _is_number(value) and value <= 1 else "a share from 0.0 to 1.0"


def _whole(value: Any) -> str | None:
    return None if _is_number(value) and isinstance(value, int) else "a whole number"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0


def _labels(value: Any) -> str | None:
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return None
    return 'a list of operators such as ["DEQUANTIZE", "CUSTOM:TFLite_Detection_PostProcess"]'


def _verb(number: Number) -> str:
    return "run" if number.is_seen else "would run"


def _operators(limit: Any, numbers: Numbers) -> Breach | None:
    total, edgetpu = numbers.operators, numbers.edgetpu
    if edgetpu is None or not total:
        return None
    wanted = limit * total if isinstance(limit, float) else limit
    if edgetpu.value >= wanted - 1e-9:
        return None
    asked = f"{_percent(limit)} of them" if isinstance(limit, float) else f"{limit:,}"
    return Breach(
        f"{edgetpu.value:,} of {total:,} operators {_verb(edgetpu)} on the Edge TPU{_why(numbers)}; "
        f"the budget asks for {asked}",
        edgetpu,
    )


def _macs(limit: Any, numbers: Numbers) -> Breach | None:
    share = numbers.share
    if share is None or share.value >= limit - 1e-9:
        return None
    verb = "runs" if share.is_seen else "would run"
    return Breach(
        f"{_percent(share.value)} of the arithmetic {verb} on the Edge TPU{_why(numbers)}; "
        f"the budget asks for {_percent(limit)}",
        share,
    )


def _why(numbers: Numbers) -> str:
    return "" if numbers.why_none is None else f" because {numbers.why_none}"


def _percent(share: float) -> str:
    """Rounded down, so that a breach never reads as if the limit were kept."""
    return f"{floor(share * 10_000 + 1e-9) / 100:g}%"


def _at_most(
    pick: Callable[[Numbers], Number | None], message: Callable[[Number], str]
) -> Callable[[Any, Numbers], Breach | None]:
    def check(limit: Any, numbers: Numbers) -> Breach | None:
        number = pick(numbers)
        if number is None or number.value <= limit:
            return None
        return Breach(f"{message(number)}; the budget allows {limit:,}", number)

    return check


def _runtime_words(number: Number) -> str:
    if number.is_seen:
        return f"the compiled file needs runtime {number.value}"
    return f"the compiler writes packages for runtime {number.value} (its option -m sets a lower one)"


def _streamed_words(number: Number) -> str:
    verb = "are" if number.is_seen else "would be"
    return f"{number.value:,} bytes of parameters {verb} sent to the Edge TPU for every inference"


def _cpu_tail(limit: Any, numbers: Numbers) -> Breach | None:
    allowed = frozenset(limit)
    others = [
        (label, where)
        for label, where in numbers.on_cpu or ()
        if not allowed & {label, label.partition(":")[0], label.partition(":")[2]}
    ]
    if not others:
        return None
    labels = sorted({label for label, _ in others})
    shown = ", ".join(labels[:5]) + (f" and {len(labels) - 5} more kinds" if len(labels) > 5 else "")
    return Breach(
        f"{counted(len(others), 'operator')} on the CPU that the budget does not allow there: {shown}",
        Number(len(others)),
        tuple(where for _, where in others),
    )


LIMITS: dict[str, Limit] = {
    "min-operators-on-tpu": Limit(_share_or_count, _operators),
    "min-macs-on-tpu": Limit(_share, _macs),
    "max-subgraphs": Limit(
        _whole,
        _at_most(
            lambda numbers: numbers.subgraphs, lambda number: counted(int(number.value), "Edge TPU subgraph")
        ),
    ),
    "max-streamed-bytes": Limit(_whole, _at_most(lambda numbers: numbers.streamed, _streamed_words)),
    "max-runtime-version": Limit(_whole, _at_most(lambda numbers: numbers.runtime, _runtime_words)),
    "allowed-cpu-tail": Limit(_labels, _cpu_tail),
    "max-file-size": Limit(
        _whole,
        _at_most(
            lambda numbers: None if numbers.size is None else Number(numbers.size, True),
            lambda number: f"the file has {number.value:,} bytes",
        ),
    ),
}


def breaches(path: str, numbers: Numbers, settings: Settings) -> Iterator[Finding]:
    """One finding for each limit of the budgets for ``path`` that is not kept."""
    from .ignores import matches_file

    limits: dict[str, Any] = {}
    for budget in sorted(settings.budgets, key=lambda budget: budget.path is not None):
        if budget.path is None or matches_file(budget.path, path, settings):
            limits.update(budget.limits)
    for name, value in limits.items():
        breach = LIMITS[name].check(value, numbers)
        if breach is not None:
            yield BudgetExceeded.finding(
                breach.where or Location("model", "model", "the model", name),
                breach.message,
                certainty=Certainty.MEASURED if breach.number.is_seen else Certainty.GUESS,
                evidence={"limit": name, "budget": value, "value": breach.number.value},
            )

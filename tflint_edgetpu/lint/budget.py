"""A gate on numbers: ``[tool.tflint-edgetpu.budget]``. A breach is a finding like any other.

What is judged is the prediction; a compiled file is judged by what stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..edgetpu.placement import Placement
from ..model.graph import Model
from .core_rules import BudgetExceeded
from .finding import Finding, operator_location
from .settings import Settings


class Limit(NamedTuple):
    """One key of a budget. ``problem`` says what a value must be, ``None`` where it is that."""

    problem: Callable[[Any], str | None]
    check: Callable[[Any, Model, Placement | None, Settings], Iterator[Finding]]


def _share_or_count(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        return "a share from 0.0 to 1.0 or a number of operators"
    return "a share from 0.0 to 1.0" if isinstance(value, float) and value > 1 else None


def _share(value: Any) -> str | None:
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
    return None if good else "a share from 0.0 to 1.0"


def _whole(value: Any) -> str | None:
    good = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return None if good else "a whole number"


def _labels(value: Any) -> str | None:
    good = isinstance(value, list) and all(isinstance(entry, str) for entry in value)
    return (
        None if good else 'a list of operators such as ["DEQUANTIZE", "CUSTOM:TFLite_Detection_PostProcess"]'
    )


def _breach(message: str, **evidence: Any) -> Finding:
    return BudgetExceeded.finding(None, message, evidence=evidence)


def _operators(
    limit: Any, model: Model, placement: Placement | None, settings: Settings
) -> Iterator[Finding]:
    if placement is None or not placement.operators:
        return
    total = len(placement.operators)
    wanted = limit * total if isinstance(limit, float) else limit
    if placement.edgetpu < wanted - 1e-9:
        asked = f"{limit:.0%} of {total}" if isinstance(limit, float) else f"{limit}"
        yield _breach(
            f"{placement.edgetpu} of {total} operators would run on the Edge TPU; the budget asks for {asked}",
            edgetpu=placement.edgetpu, total=total, limit=limit,
        )  # fmt: skip


def _macs(limit: Any, model: Model, placement: Placement | None, settings: Settings) -> Iterator[Finding]:
    if placement is not None and placement.share < limit - 1e-9:
        yield _breach(
            f"{placement.share:.1%} of the arithmetic would run on the Edge TPU; the budget asks for {limit:.0%}",
            share=placement.share, limit=limit,
        )  # fmt: skip


def _subgraphs(
    limit: Any, model: Model, placement: Placement | None, settings: Settings
) -> Iterator[Finding]:
    if placement is None:
        return
    parts = sum(supported for supported, _ in placement.subsets)
    parts = parts if placement.multiple_subgraphs else min(parts, 1)
    if parts > limit:
        yield _breach(f"{parts} Edge TPU subgraphs; the budget allows {limit}", subgraphs=parts, limit=limit)


def _streamed(limit: Any, model: Model, placement: Placement | None, settings: Settings) -> Iterator[Finding]:
    if placement is not None and placement.memory.streamed > limit:
        streamed = placement.memory.streamed
        yield _breach(
            f"{streamed:,} bytes of parameters would be streamed for every inference; the budget allows {limit:,}",
            streamed=streamed, limit=limit,
        )  # fmt: skip


def _runtime(limit: Any, model: Model, placement: Placement | None, settings: Settings) -> Iterator[Finding]:
    if settings.target.runtime > limit:
        yield _breach(
            f"compiler {settings.target.name} writes packages for runtime {settings.target.runtime}; the budget "
            f"allows {limit} (compile with -m {limit}, and set min-runtime-version = {limit})",
            runtime=settings.target.runtime, limit=limit,
        )  # fmt: skip


def _cpu_tail(limit: Any, model: Model, placement: Placement | None, settings: Settings) -> Iterator[Finding]:
    if placement is None:
        return
    allowed = frozenset(limit)
    others = [
        placed.operator
        for placed in placement.operators
        if placed.on == "cpu" and not allowed & {placed.operator.label, placed.operator.kind}
    ]
    if others:
        labels = sorted({operator.label for operator in others})
        yield BudgetExceeded.finding(
            [operator_location(operator) for operator in others],
            f"{len(others)} operators on the CPU that the budget does not allow there: {', '.join(labels[:5])}",
            evidence={"operators": len(others), "allowed": list(limit)},
        )


def _file_size(
    limit: Any, model: Model, placement: Placement | None, settings: Settings
) -> Iterator[Finding]:
    if model.size > limit:
        yield _breach(
            f"the file has {model.size:,} bytes; the budget allows {limit:,}", size=model.size, limit=limit
        )


LIMITS: dict[str, Limit] = {
    "min-operators-on-tpu": Limit(_share_or_count, _operators),
    "min-macs-on-tpu": Limit(_share, _macs),
    "max-subgraphs": Limit(_whole, _subgraphs),
    "max-streamed-bytes": Limit(_whole, _streamed),
    "max-runtime-version": Limit(_whole, _runtime),
    "allowed-cpu-tail": Limit(_labels, _cpu_tail),
    "max-file-size": Limit(_whole, _file_size),
}


def breaches(path: str, model: Model, placement: Placement | None, settings: Settings) -> Iterator[Finding]:
    """One finding for each limit of the budgets for ``path`` that is not kept. A limit of a budget with a
    ``path`` takes the place of the same limit of one without.
    """
    from .ignores import matches_file

    limits: dict[str, Any] = {}
    for budget in sorted(settings.budgets, key=lambda budget: budget.path is not None):
        if budget.path is None or matches_file(budget.path, path, settings):
            limits.update(budget.limits)
    for name, value in limits.items():
        yield from LIMITS[name].check(value, model, placement, settings)

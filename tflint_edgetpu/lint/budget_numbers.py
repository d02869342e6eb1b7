"""The numbers a budget is held against: what the compiler did where that is known, else the prediction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..model.graph import Operator
from ..model.record import NamedTuple
from .context import Context
from .finding import Location, operator_location

if TYPE_CHECKING:
    from ..edgetpu.observed import Observed
    from ..edgetpu.placement import Placement


class Number(NamedTuple):
    """A value and where it comes from."""

    value: float
    is_seen: bool = False  # False: predicted


class Numbers(NamedTuple):
    """``None`` where nothing is known, for example the share of the arithmetic of a compiled file."""

    operators: int | None  # of the model
    edgetpu: Number | None  # operators on the Edge TPU
    share: Number | None  # of the arithmetic there
    subgraphs: Number | None
    streamed: Number | None  # bytes of parameters sent for every inference
    runtime: Number
    on_cpu: tuple[tuple[str, Location], ...] | None  # kinds, and where
    size: int | None  # bytes of the file
    why_none: str | None = None  # why nothing runs on the Edge TPU, where the file as a whole is refused


def numbers_of(context: Context, placement: Placement | None, observed: Observed | None) -> Numbers:
    """All numbers of one file, or of the one model that a log is about."""
    if not context.has_model:
        return _logged(context)
    predicted = _predicted(context, placement)
    if context.is_compiled and context.compiled is not None:
        compiled = context.compiled
        runtime = compiled.min_runtime
        return predicted._replace(
            subgraphs=Number(compiled.subgraphs, True),
            streamed=Number(compiled.streamed_bytes, True),
            runtime=predicted.runtime if runtime is None else Number(runtime, True),
            on_cpu=_places(compiled.cpu_operators),
        )
    if observed is not None and placement is not None:
        if _has_failed(context, observed):
            return _nothing(predicted, placement, "the compiler failed", is_seen=True)
        return _with_observed(predicted, placement, observed)
    if placement is not None and placement.compiles.is_refused:
        return _nothing(predicted, placement, "the compiler refuses the file as a whole")
    return predicted


def _predicted(context: Context, placement: Placement | None) -> Numbers:
    size = context.model.size
    runtime = Number(context.target.runtime)
    if placement is None:
        return Numbers(None, None, None, None, None, runtime, None, size)
    parts = sum(supported for supported, _ in placement.subsets)
    return Numbers(
        len(placement.operators),
        Number(placement.edgetpu),
        Number(placement.share),
        Number(parts if placement.multiple_subgraphs else min(parts, 1)),
        Number(placement.memory.streamed),
        runtime,
        _places(placed.operator for placed in placement.operators if placed.on == "cpu"),
        size,
    )


def _nothing(predicted: Numbers, placement: Placement, why: str, *, is_seen: bool = False) -> Numbers:
    """Those of a file of which nothing can run on the Edge TPU."""
    return predicted._replace(
        edgetpu=Number(0, is_seen),
        share=Number(0.0, is_seen),
        subgraphs=Number(0, is_seen),
        streamed=None,
        on_cpu=_places(placed.operator for placed in placement.operators),
        why_none=why,
    )


def _has_failed(context: Context, observed: Observed) -> bool:
    """Whether the log is about this model and says that there is no compiled file."""
    log = context.log
    if log is None or observed.compiled is not None or observed.logged is not None:
        return False
    return log.failure_kind is not None and not observed.strangers


def _logged(context: Context) -> Numbers:
    """What a log tells without its model; nothing where it is about several."""
    logged = context.log.model if context.log is not None else None
    runtime = Number(context.target.runtime)
    if logged is None:
        return Numbers(None, None, None, None, None, runtime, None, None)
    from ..edgetpu.log.result import size_in_bytes

    def seen(value: int | None) -> Number | None:
        return None if value is None else Number(value, True)

    return Numbers(
        logged.operators,
        seen(logged.mapped),
        None,
        seen(logged.subgraphs),
        seen(size_in_bytes(logged.off_chip)),
        runtime,
        None,
        None,
    )


def _places(operators: Iterable[Operator]) -> tuple[tuple[str, Location], ...]:
    return tuple((operator.label, operator_location(operator)) for operator in operators)


def _with_observed(predicted: Numbers, placement: Placement, observed: Observed) -> Numbers:
    def seen(value: float | None, otherwise: Number | None) -> Number | None:
        return otherwise if value is None else Number(value, True)

    numbers = predicted._replace(
        edgetpu=seen(observed.edgetpu, predicted.edgetpu),
        subgraphs=seen(observed.subgraphs, predicted.subgraphs),
        streamed=seen(observed.streamed_bytes, predicted.streamed),
    )
    if observed.compiled is not None and observed.compiled.min_runtime is not None:
        numbers = numbers._replace(runtime=Number(observed.compiled.min_runtime, True))
    pinned = [(placed, observed.of(placed.operator)) for placed in placement.operators]
    if any(where is None for _, where in pinned):
        return numbers
    on_cpu = [placed.operator for placed, where in pinned if where is not None and where.on == "cpu"]
    lost = sum(placed.macs for placed, where in pinned if where is not None and where.on == "cpu")
    share = 1 - lost / placement.macs if placement.macs else None
    return numbers._replace(
        on_cpu=_places(on_cpu),
        share=seen(share, predicted.share),
    )

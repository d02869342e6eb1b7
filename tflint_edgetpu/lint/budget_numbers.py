"""The numbers a budget is held against: what the compiler did where that is known, else the prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def numbers_of(context: Context, placement: Placement | None, observed: Observed | None) -> Numbers:
    """All numbers of one file."""
    predicted = _predicted(context, placement)
    if context.is_compiled and context.compiled is not None:
        compiled = context.compiled
        runtime = compiled.min_runtime
        return predicted._replace(
            subgraphs=Number(compiled.subgraphs, True),
            streamed=Number(compiled.streamed_bytes, True),
            runtime=predicted.runtime if runtime is None else Number(runtime, True),
            on_cpu=tuple(
                (operator.label, operator_location(operator)) for operator in compiled.cpu_operators
            ),
        )
    if observed is not None and placement is not None:
        return _with_observed(predicted, placement, observed)
    return predicted


def _predicted(context: Context, placement: Placement | None) -> Numbers:
    size = context.model.size if context.has_model else None
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
        tuple(
            (placed.operator.label, operator_location(placed.operator))
            for placed in placement.operators
            if placed.on == "cpu"
        ),
        size,
    )


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
        on_cpu=tuple((operator.label, operator_location(operator)) for operator in on_cpu),
        share=seen(share, predicted.share),
    )

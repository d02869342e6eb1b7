"""What the compiler really did with a model: its log and its compiled twin, pinned to the operators.

This is evidence and never flows into the prediction (:mod:`.placement`).  From a compiled twin every
operator is known exactly: one that stayed outside has the same kind and output tensors there.  A log has
only counts; they decide where all operators of a kind fared alike, else the graph has to: the refused
ones are chosen, and the partition that follows must give the counts of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator, Tensor
from ..model.record import NamedTuple
from .compiled import CompiledModel
from .custom_op import CUSTOM_OP
from .log.result import CompilerLog, LoggedModel, Outcome, printed_size, size_in_bytes
from .pinning import Pinned, pin_by_counts
from .placement import Placement
from .support.constraint import Status

# How far the printed input size may be from the file's: printed sizes have two decimals.
_SIZE_TOLERANCE = 0.006
_REASONS_SHOWN = 3
_FILE = re.compile(r"[^\s\"']+\.tflite\b")


class Evidence(NamedTuple):
    """A file that was offered as evidence, and why it was taken or not."""

    kind: str  # compiled or log
    path: str | None
    belongs: bool
    reasons: tuple[str, ...]  # what does not fit; empty where it belongs

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "path": self.path, "belongs": self.belongs, "reasons": list(self.reasons),
        }  # fmt: skip


class Disagreement(NamedTuple):
    """An operator that fared otherwise than predicted, for a reason of its own."""

    operator: Operator
    predicted: str  # a status
    observed: str  # a status, or edgetpu / cpu where only that is known


class Observed:
    """The join of one model with its compiler log, its compiled twin, or both."""

    def __init__(
        self,
        model: Model,
        sources: tuple[Evidence, ...],
        logged: LoggedModel | None,
        compiled: CompiledModel | None,
        operators: dict[Operator, Pinned],
        disagreements: tuple[Disagreement, ...],
        *,
        multiple_subgraphs: bool,
    ) -> None:
        self.model = model
        self.sources = sources
        self.logged = logged  # the part of the log that is about this model
        self.compiled = compiled  # the twin, if it belongs to the model
        self._operators = operators
        self.disagreements = disagreements
        self.multiple_subgraphs = multiple_subgraphs  # whether it was compiled with -a: in several parts

    def of(self, operator: Operator) -> Pinned | None:
        """Where an operator of the main subgraph ran; ``None`` where the evidence does not tell."""
        return self._operators.get(operator)

    @property
    def strangers(self) -> tuple[Evidence, ...]:
        """Files that do not belong to this model: they prove nothing about it."""
        return tuple(source for source in self.sources if not source.belongs)

    @property
    def edgetpu(self) -> int | None:
        """Operators on the Edge TPU; ``None`` where that is not known."""
        if self.compiled is not None:
            return sum(pinned.on == "edgetpu" for pinned in self._operators.values())
        return self.logged.mapped if self.logged is not None else None

    @property
    def subgraphs(self) -> int | None:
        if self.compiled is not None:
            return self.compiled.subgraphs
        return self.logged.subgraphs if self.logged is not None else None

    @property
    def streamed_bytes(self) -> int | None:
        if self.compiled is not None:
            return self.compiled.streamed_bytes
        return size_in_bytes(self.logged.off_chip) if self.logged is not None else None

    def with_status(self, status: str) -> list[Operator]:
        """The operators that are known to have ``status``, in file order."""
        return [operator for operator, pinned in self._operators.items() if pinned.status == status]

    def to_dict(self) -> dict[str, Any]:
        total = len(self.model.main.operators)
        edgetpu = self.edgetpu
        return {
            "sources": [source.to_dict() for source in self.sources],
            "operators": total,
            "edgetpu": edgetpu,
            "cpu": None if edgetpu is None else total - edgetpu,
            "subgraphs": self.subgraphs,
            "multiple_subgraphs": self.multiple_subgraphs,
            "min_runtime": self.compiled.min_runtime if self.compiled is not None else None,
            "parameters_streamed": self.streamed_bytes,
            "signatures_lost": self.signatures_lost,
            "per_operator": [
                {
                    "ref": operator.ref,
                    "operator": operator.label,
                    "on": pinned.on if (pinned := self.of(operator)) else None,
                    "status": pinned.status if pinned else None,
                    "certain": pinned.certain if pinned else None,
                }
                for operator in self.model.main.operators
            ],
            "disagreements": [
                {"ref": one.operator.ref, "operator": one.operator.label, "predicted": one.predicted,
                 "observed": one.observed}
                for one in self.disagreements
            ],
        }  # fmt: skip

    @property
    def signatures_lost(self) -> int | None:
        """Signatures of the model that the compiled file no longer has; ``None`` without a twin."""
        if self.compiled is None:
            return None
        return max(0, len(self.model.signatures) - len(self.compiled.model.signatures))


def observe(
    model: Model,
    dataflow: Dataflow,
    placement: Placement,
    *,
    log: CompilerLog | None = None,
    compiled: CompiledModel | None = None,
) -> Observed:
    """Join ``model`` with the evidence; ``placement`` is the prediction it is compared with."""
    sources = []
    operators: dict[Operator, Pinned] = {}
    twin: CompiledModel | None = None
    if compiled is not None:
        reasons = _why_no_twin(model, compiled)
        sources.append(Evidence("compiled", compiled.model.path, not reasons, reasons))
        if not reasons:
            twin = compiled
    logged: LoggedModel | None = None
    if log is not None:
        logged, reasons = _logged_model(model, log, twin)
        sources.append(Evidence("log", log.path, not reasons, reasons))
    several = (twin.subgraphs if twin is not None else (logged.subgraphs if logged else None) or 0) > 1
    if logged is not None:
        operators = pin_by_counts(dataflow, placement, logged, multiple_subgraphs=several)
    if twin is not None:
        operators = _pin_by_twin(dataflow, twin, operators)
    in_order = {operator: operators[operator] for operator in model.main.operators if operator in operators}
    return Observed(
        model,
        tuple(sources),
        logged,
        twin,
        in_order,
        tuple(_disagreements(dataflow, placement, in_order)),
        multiple_subgraphs=several or _returns(dataflow, in_order),
    )


def _returns(dataflow: Dataflow, observed: dict[Operator, Pinned]) -> bool:
    """Whether some data go to the Edge TPU, back to the CPU and to the Edge TPU again. A table in a
    ``*_edgetpu.log`` has no number of subgraphs, but in one part this cannot happen.
    """
    went: set[Operator] = set()  # on the Edge TPU, or behind an operator that is
    left: set[Operator] = set()  # on the CPU behind an operator of the Edge TPU, or behind one of those
    for operator in dataflow.subgraph.operators:
        pinned = observed.get(operator)
        on = pinned.on if pinned is not None else None
        before = list(dataflow.predecessors(operator))
        if any(other in left for other in before):
            if on == "edgetpu":
                return True
            left.add(operator)
        elif any(other in went for other in before) and on == "cpu":
            left.add(operator)
        if on == "edgetpu" or any(other in went for other in before):
            went.add(operator)
    return False


# The compiled twin


def _key(operator: Operator) -> tuple[str, tuple[str, ...]]:
    return operator.label, tuple(tensor.name for tensor in operator.outputs)


def _why_no_twin(model: Model, compiled: CompiledModel) -> tuple[str, ...]:
    """What of a compiled file does not come from ``model``; empty where everything does."""
    if compiled.segment is not None:
        index, count = compiled.segment
        return (f"it is segment {index} of {count} of a pipeline, not the whole model",)
    reasons = []
    for what, ours, theirs in (
        ("input", model.main.inputs, compiled.model.main.inputs),
        ("output", model.main.outputs, compiled.model.main.outputs),
    ):
        if len(ours) != len(theirs):
            reasons.append(f"it has {len(theirs)} {what} tensors, the model has {len(ours)}")
        reasons.extend(
            f"its {what} '{other.name}' is {_signature(other)}, the model's '{own.name}' is {_signature(own)}"
            for own, other in zip(ours, theirs, strict=False)
            if _signature(own) != _signature(other) or own.name != other.name
        )
    known = {_key(operator) for operator in model.main.operators}
    reasons.extend(
        f"the model has no {operator.label} that writes '{operator.outputs[0].name if operator.outputs else ''}'"
        for operator in compiled.cpu_operators
        if _key(operator) not in known
    )
    names = {tensor.name for tensor in model.main.tensors}
    reasons.extend(
        f"the model has no tensor '{tensor.name}', which the Edge TPU's part of it writes"
        for part in compiled.parts
        for tensor in part.operator.outputs
        if tensor.name not in names
    )
    if len(reasons) > _REASONS_SHOWN:
        rest = len(reasons) - _REASONS_SHOWN
        reasons = [*reasons[:_REASONS_SHOWN], f"and {rest} more differences"]
    return tuple(reasons)


def _signature(tensor: Tensor) -> str:
    return f"{tensor.dtype} [{', '.join(map(str, tensor.shape))}]"


def _pin_by_twin(
    dataflow: Dataflow, twin: CompiledModel, by_log: dict[Operator, Pinned]
) -> dict[Operator, Pinned]:
    """Where every operator is, from the twin; why it is there, from the log where that fits."""
    outside: dict[tuple[str, tuple[str, ...]], int] = {}
    for operator in twin.cpu_operators:
        outside[_key(operator)] = outside.get(_key(operator), 0) + 1
    namesakes: dict[tuple[str, tuple[str, ...]], list[Operator]] = {}
    for operator in dataflow.subgraph.operators:
        namesakes.setdefault(_key(operator), []).append(operator)
    pinned: dict[Operator, Pinned] = {}
    for key, operators in namesakes.items():
        left = outside.get(key, 0)
        if 0 < left < len(operators):
            continue  # tensors of one name: which of them stayed outside cannot be told
        for operator in operators:
            on = "cpu" if left else "edgetpu"
            guess = by_log.get(operator)
            status = Status.MAPPED if on == "edgetpu" else None
            if on == "cpu" and guess is not None and guess.on == "cpu":
                status = guess.status
            pinned[operator] = Pinned(on, status, True)
    return pinned


# The log


def _logged_model(
    model: Model, log: CompilerLog, twin: CompiledModel | None
) -> tuple[LoggedModel | None, tuple[str, ...]]:
    """The last model of the log that is this one, or why none is. A log of a failure has no models: only
    the names in it can tell that it is about another file.
    """
    if not log.models:
        return None, tuple(_why_other_failure(model, log))
    reasons: tuple[str, ...] = ()
    for logged in reversed(log.models):
        found = tuple(_why_other_model(model, logged, twin))
        if not found:
            return logged, ()
        reasons = reasons or found
    if len(log.models) > 1:
        reasons = (
            f"none of its {len(log.models)} models is this one; of the last: {reasons[0]}",
            *reasons[1:],
        )
    return None, reasons


def _why_other_failure(model: Model, log: CompilerLog) -> Iterable[str]:
    named = {
        _base_name(word) for line in (*log.commands, *log.error_lines) for word in _FILE.findall(line.text)
    }
    if model.path is not None and named and _base_name(model.path) not in named:
        yield f"it is about {', '.join(sorted(named)[:_REASONS_SHOWN])}"


def _base_name(path: str) -> str:
    return re.split(r"[/\\]", path)[-1]


def _why_other_model(model: Model, logged: LoggedModel, twin: CompiledModel | None) -> Iterable[str]:
    total = len(model.main.operators)
    if logged.ops_total is not None and logged.ops_total != total:
        yield f"it counts {logged.ops_total} operators, the model has {total}"
    size = size_in_bytes(logged.input_size)
    if size is not None and abs(size - model.size) > _SIZE_TOLERANCE * max(size, 1024):
        yield f"its input has {logged.input_size}, the model has {printed_size(model.size)}"
    ours: dict[str, int] = {}
    for operator in model.main.operators:
        ours[operator.kind] = ours.get(operator.kind, 0) + 1
    theirs: dict[str, int] = {}
    for row in logged.rows:
        theirs[row.operator] = theirs.get(row.operator, 0) + row.count
    for kind, count in theirs.items():
        if count > ours.get(kind, 0) or (logged.rows_complete and count < ours.get(kind, 0)):
            yield f"it counts {count} {kind}, the model has {ours.get(kind, 0)}"
    if logged.rows_complete and logged.ops_total is not None:
        for kind in ours.keys() - theirs.keys():
            yield f"it counts no {kind}, the model has {ours[kind]}"
    if twin is not None and logged.off_chip is not None:
        streamed = printed_size(twin.streamed_bytes)
        if logged.off_chip.replace(" ", "") != streamed:
            yield f"it streams {logged.off_chip} of parameters, the compiled file {streamed}"
    if logged.outcome == Outcome.FULL and twin is not None and twin.cpu_operators:
        yield f"it leaves nothing on the CPU, the compiled file {len(twin.cpu_operators)} operators"


# The comparison


def _disagreements(
    dataflow: Dataflow, placement: Placement, observed: dict[Operator, Pinned]
) -> Iterable[Disagreement]:
    """Operators whose own verdict was predicted wrongly. What lies behind them follows from it."""
    leading = placement.leading
    for operator, pinned in observed.items():
        if not pinned.certain or operator.custom_code == CUSTOM_OP:
            continue
        predicted = placement.of(operator)
        if predicted.role == "breaker":
            if pinned.on == "edgetpu" or pinned.status == Status.MORE_THAN_ONE_SUBGRAPH:
                yield Disagreement(operator, predicted.status, pinned.status or pinned.on)
        elif pinned.on == "cpu" and _is_refused(dataflow, operator, pinned, observed, leading):
            yield Disagreement(operator, predicted.status, pinned.status or pinned.on)


def _is_refused(
    dataflow: Dataflow,
    operator: Operator,
    pinned: Pinned,
    observed: dict[Operator, Pinned],
    leading: frozenset[Operator],
) -> bool:
    """Whether the operator was refused on its own account, not only left behind another one."""
    if pinned.status is not None:
        return pinned.status != Status.MORE_THAN_ONE_SUBGRAPH
    return all(
        other in leading or (other in observed and observed[other].on == "edgetpu")
        for other in dataflow.predecessors(operator)
    )

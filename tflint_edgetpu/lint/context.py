"""All that a rule may ask about the file under examination. Analyses are computed on first use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..edgetpu.custom_op import is_compiled
from ..edgetpu.operator_placement import OperatorPlacement
from ..edgetpu.placement import Loss, Placement, place_model
from ..edgetpu.support.constraint import Constraint, Facts
from ..edgetpu.support.registry import SupportTable
from ..edgetpu.target import COMPILERS, DEFAULT_TARGET, Target
from ..model.dataflow import Dataflow
from ..model.graph import Model, Operator, Tensor
from .detection import Detection, find_detection
from .finding import Certainty, Severity
from .quantization_kind import Arithmetic, quantization_kind
from .wording import percent

if TYPE_CHECKING:
    from ..edgetpu.compiled import CompiledModel
    from ..edgetpu.log import CompilerLog
    from ..edgetpu.observed import Observed
    from ..edgetpu.what_if import WhatIf
    from ..script.converter_output import ConverterMessage
    from ..script.script import Script

# Share of the arithmetic below which a loss is no error: the head of a YOLOv8 at 320 px, 23 operators
# with 0.01% of the arithmetic, is one. A guess, as any line between the two must be.
HARDLY_ANY = 0.01

_LEAST_SURE_FIRST = (Certainty.GUESS, Certainty.MEASURED, Certainty.DOCUMENTED)

# Part of the name that edgetpu_compiler gives to what it makes.
COMPILED_NAME = "_edgetpu"


class Context:
    """The model, the target, and the analyses. One for each file; rules never change it.

    A compiler log can be examined without a model, and with it a model can have evidence of what the
    compiler made of it: its log and its compiled twin.
    """

    def __init__(
        self,
        model: Model | None,
        *,
        target: Target = DEFAULT_TARGET,
        consumer: str | None = None,
        multiple_subgraphs: bool = False,
        table: SupportTable | None = None,
        options: Mapping[str, Any] | None = None,
        log: CompilerLog | None = None,
        compiled: CompiledModel | None = None,
        converter: Sequence[ConverterMessage] = (),
        script: Script | None = None,
    ) -> None:
        self._model = model
        self.script = script  # where a script is examined; there is no model then
        self.log = log
        self._twin = compiled
        self.converter = converter  # what TensorFlow's converter printed when it made the model
        self.target = target
        self.consumer = consumer  # pycoral or frigate: the program that will read the outputs
        self.multiple_subgraphs = multiple_subgraphs
        self.options = options or {}
        self.table = table or SupportTable()
        self._explained: set[Operator] = set()
        self.has_error = False  # whether a specific rule has found one; known to general rules
        self._last_loss: tuple[frozenset[Operator], Loss] | None = None

    @property
    def has_model(self) -> bool:
        """False where only a log is examined."""
        return self._model is not None

    @property
    def model(self) -> Model:
        """The model; raises LookupError where only a log is examined."""
        if self._model is None:
            raise LookupError("only a compiler log is examined: there is no model")
        return self._model

    @cached_property
    def dataflow(self) -> Dataflow:
        """Of the main subgraph."""
        return Dataflow(self.model.main)

    @cached_property
    def placement(self) -> Placement:
        return place_model(
            self.model,
            target=self.target,
            table=self.table,
            dataflow=self.dataflow,
            multiple_subgraphs=self.multiple_subgraphs,
        )

    @cached_property
    def detection(self) -> Detection | None:
        """The detection postprocess, ``None`` in a model without one."""
        return find_detection(self.model, self.dataflow)

    @cached_property
    def arithmetic(self) -> Arithmetic:
        """The operators by what they compute in: float, quantized integers, plain integers."""
        return Arithmetic(self.model, self.dataflow)

    @cached_property
    def quantization_kind(self) -> str:
        """One of the words of :data:`.quantization_kind.QUANTIZATION_KINDS`."""
        return quantization_kind(self.model, self.arithmetic)

    @cached_property
    def traits(self) -> frozenset[str]:
        """What a rule may need to find anything (:mod:`.deferred`): kinds and labels of operators and types of
        tensors in any subgraph; ``float`` for a tensor of any such type, ``cpu`` for an operator that would run
        there, ``subgraphs`` for more than one, ``external`` for constants outside of the flatbuffer, ``compiled`` for a
        compiled file, a twin or the name of one, ``log``, ``script``, ``converter`` for what the converter printed,
        ``metadata:NAME`` for an entry of that name, and ``consumer`` where one is named.
        """
        found = {"log"} if self.log is not None else set()
        if self.converter:
            found.add("converter")
        if self.script is not None:
            found.add("script")
        if self.consumer is not None:
            found.add("consumer")
        if self.is_compiled or self._twin is not None:
            found.add("compiled")
        if not self.has_model:
            return frozenset(found)
        if COMPILED_NAME in (self.model.path or ""):
            found.add("compiled")
        found.update(f"metadata:{entry.name}" for entry in self.model.metadata)
        if len(self.model.subgraphs) > 1:
            found.add("subgraphs")
        if any(buffer.external for buffer in self.model.buffers) or any(
            tensor.external_buffer for subgraph in self.model.subgraphs for tensor in subgraph.tensors
        ):
            found.add("external")
        for subgraph in self.model.subgraphs:
            found.update(operator.kind for operator in subgraph.operators)
            found.update(tensor.dtype for tensor in subgraph.tensors)
        found.update(
            f"{code.kind}:{code.custom_code}" for code in self.model.operator_codes if code.custom_code
        )
        if any(word.startswith(("FLOAT", "BFLOAT")) for word in found):
            found.add("float")
        if self._uses_cpu():
            found.add("cpu")
        return frozenset(found)

    def _uses_cpu(self) -> bool:
        if self.is_compiled:
            return False
        try:
            return self.placement.cpu > 0
        except Exception:  # a constraint of a plugin: whoever looks at the placement reports it
            return True

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.model, self.target)

    @cached_property
    def is_compiled(self) -> bool:
        """Whether edgetpu_compiler already made this file: most rules have nothing to say about it."""
        return self.has_model and is_compiled(self.model)

    @cached_property
    def compiled(self) -> CompiledModel | None:
        """The compiled file: the model's twin, or the file under examination where that is a compiled one."""
        if self._twin is not None or not self.is_compiled:
            return self._twin
        from ..edgetpu.compiled import read_compiled

        return read_compiled(self.model)

    @cached_property
    def observed(self) -> Observed | None:
        """What the compiler really did with the model; ``None`` without a log or a twin of it."""
        if not self.has_model or self.is_compiled or (self.log is None and self._twin is None):
            return None
        from ..edgetpu.observed import observe

        return observe(
            self.model, self.dataflow, self._placement_to_compare, log=self.log, compiled=self._twin
        )

    @cached_property
    def _placement_to_compare(self) -> Placement:
        """The prediction for the compiler and the flags that the evidence comes from."""
        release = self.log.release if self.log is not None else None
        target = COMPILERS.get(f"{release[0]}.{release[1]}", self.target) if release else self.target
        logged = self.log.model.subgraphs if self.log is not None and self.log.model is not None else None
        parts = self._twin.subgraphs if self._twin is not None else logged or 0
        several = self.multiple_subgraphs or parts > 1
        if target == self.target and several == self.multiple_subgraphs:
            return self.placement
        return place_model(
            self.model, target=target, table=self.table, dataflow=self.dataflow, multiple_subgraphs=several
        )

    def operators(self, *kinds: str) -> Iterator[Operator]:
        """The operators of the main subgraph, of the given kinds if there are any, in file order."""
        for operator in self.model.main.operators:
            if not kinds or operator.kind in kinds:
                yield operator

    def operators_everywhere(self, *kinds: str) -> Iterator[Operator]:
        """The same of all subgraphs: the interpreter inside the compiler loads the whole file."""
        for subgraph in self.model.subgraphs:
            for operator in subgraph.operators:
                if not kinds or operator.kind in kinds:
                    yield operator

    def placed(self, operator: Operator) -> OperatorPlacement:
        return self.placement.of(operator)

    def is_in_table(self, operator: Operator) -> bool:
        """Whether Coral's table has this kind of operator for the target, whatever else is wrong with it."""
        return self._table_constraint.check(operator, self.facts) is None

    @cached_property
    def _table_constraint(self) -> Constraint:
        wanted = "operator-is-in-the-table"
        return next(constraint for constraint in self.table.constraints if constraint.slug == wanted)

    def loss(self, operators: Iterable[Operator]) -> Loss:
        """What ``operators`` cost together by running on the CPU. A rule asks for severity, cost and what
        lies behind in turn, so the last answer is kept.
        """
        key = frozenset(operators)
        if self._last_loss is None or self._last_loss[0] != key:
            self._last_loss = key, self.placement.loss(sorted(key, key=lambda operator: operator.index))
        return self._last_loss[1]

    @cached_property
    def what_if(self) -> WhatIf:
        """What would run on the Edge TPU if refused operators were mended."""
        from ..edgetpu.what_if import WhatIf  # asked for only where something is cut off

        return WhatIf(self.placement, self.dataflow)

    def severity_of_loss(self, operators: Collection[Operator]) -> Severity:
        """How bad it is that ``operators`` run on the CPU: ``ERROR`` where they cut off arithmetic,
        ``WARNING`` where other operators follow them but hardly any arithmetic (below
        :data:`HARDLY_ANY`), ``INFO`` where they are an end of the graph that costs nothing more.
        """
        loss = self.loss(operators)
        if loss.macs and loss.share >= HARDLY_ANY:
            return Severity.ERROR
        if loss.blocked:
            return Severity.WARNING if self.placement.macs else Severity.ERROR
        return Severity.INFO

    def cost_of_loss(self, operators: Collection[Operator]) -> str:
        """The cost of ``operators`` on the CPU as a sentence without a full stop."""
        loss = self.loss(operators)
        it = "it" if len(operators) == 1 else "them"
        count = len(loss.blocked)
        if not count and not loss.macs:
            return f"no other operator leaves the Edge TPU because of {it}"
        share = "no arithmetic is lost"
        if loss.macs:
            share = f"{percent(loss.share)} of the arithmetic leaves the Edge TPU"
        if not count:
            return share
        subject = "1 operator that is fine by itself runs"
        if count > 1:
            subject = f"{count} operators that are fine by themselves run"
        text = f"{subject} on the CPU behind {it}; {share}"
        if len(loss.regained) == count:
            return text
        this = "this one" if len(operators) == 1 else "these"
        back = len(loss.regained) or "none"
        return f"{text}; other breaks stand in the way too: mending only {this} brings back {back}"

    def certainty_of(self, operators: Iterable[Operator]) -> Certainty:
        """How sure the verdicts on ``operators`` are together: as sure as the least sure one."""
        words = {self.placed(operator).certainty for operator in operators}
        return next((word for word in _LEAST_SURE_FIRST if word.value in words), Certainty.MEASURED)

    def is_explained(self, operator: Operator) -> bool:
        """Whether a specific rule has already named this operator as a cause: one cause, one finding."""
        return operator in self._explained

    def explain(self, operators: Iterable[Operator], *, gravely: bool = False) -> None:
        """Called by the engine after the specific rules have run; ``gravely``: one of them found an error."""
        self._explained.update(operators)
        self.has_error = self.has_error or gravely

    def is_constant(self, tensor: Tensor | None) -> bool:
        return tensor is not None and self.model.is_constant(tensor)

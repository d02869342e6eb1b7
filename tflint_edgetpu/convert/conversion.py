"""All that comes out of a conversion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..edgetpu.arithmetic import arithmetic_of
from ..fix.session import Linted
from ..model.graph import Model
from ..verify.chain import Stage
from .attempt import Attempt
from .before import Before
from .calibration.request import CalibrationRequest
from .choice import Candidate
from .errors import CannotConvert
from .ladder import Ground
from .process import Described
from .recipe import Recipe, Setting, settings
from .source import Source


class OutputName(NamedTuple):
    """One output by the name of the signature, and where it is in the file."""

    name: str
    number: int  # among the outputs of the file
    tensor: str
    dtype: str


class Conversion(NamedTuple):
    """All of it."""

    source: Source
    request: CalibrationRequest
    described: Described
    ground: Ground
    reference: Attempt
    candidates: tuple[Candidate, ...]
    best: Candidate
    why: str  # it is the best
    data: bytes
    linted: Linted
    mark: Mapping[str, Any]
    islands: tuple[str, ...]  # operators that the quantizer leaves in float, by name
    outputs: tuple[OutputName, ...]
    ranges: Mapping[str, tuple[float, float]]
    notes: tuple[str, ...]
    stages: tuple[Stage, ...]
    seconds: float
    before: Before | None  # the model that it replaces
    told_shapes: bool  # whether the user had to say sizes that the source leaves open

    @property
    def recipe(self) -> Recipe:
        return self.best.attempt.recipe

    @property
    def settings(self) -> list[Setting]:
        """What was set for the best candidate, and why."""
        return settings(self.recipe, is_detector=self.ground.is_detector)

    @property
    def failed_stages(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.stages if stage.status == "failed")

    @property
    def is_proved(self) -> bool:
        """Whether it was seen to compute what the float model does."""
        return any(stage.name == "agreement" and stage.status == "passed" for stage in self.stages)


class NothingConverted(CannotConvert):
    """Every step failed; ``candidates`` tell how."""

    def __init__(self, text: str, candidates: Sequence[Candidate]) -> None:
        super().__init__(text)
        self.candidates = tuple(candidates)


def float_operators(model: Model) -> tuple[str, ...]:
    """Kinds of the operators that compute in float although the model is quantized, custom ones aside."""
    return tuple(dict.fromkeys(op.kind for op in model.main.operators if arithmetic_of(op, model) == "float"))


def output_names(model: Model) -> tuple[OutputName, ...]:
    """The outputs by the signature's names. Clients that count them get another order than the source has."""
    index = {tensor: number for number, tensor in enumerate(model.main.outputs)}
    for signature in model.signatures:
        if signature.subgraph == 0:
            return tuple(
                OutputName(name, index[tensor], tensor.name, tensor.dtype)
                for name, tensor in signature.outputs
                if tensor in index
            )
    return tuple(OutputName(t.name, n, t.name, t.dtype) for n, t in enumerate(model.main.outputs))


def input_conversion_on_cpu(candidate: Candidate) -> bool:
    assert candidate.linted is not None
    linted = candidate.linted
    inputs = {tensor for tensor in linted.model.main.inputs if tensor.dtype == "UINT8"}
    return any(
        placed.on == "cpu" and placed.operator.kind == "QUANTIZE" and placed.operator.input(0) in inputs
        for placed in linted.placement.operators
    )

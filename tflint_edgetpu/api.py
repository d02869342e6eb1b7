"""All that a plugin may import."""

from __future__ import annotations

from .edgetpu.placement import Loss, OperatorPlacement, Placement
from .edgetpu.support.constraint import (
    Constraint,
    Facts,
    Grey,
    Source,
    Status,
    constraint,
    documented,
    guess,
    measured,
)
from .edgetpu.target import Target
from .lint.context import Context
from .lint.finding import (
    MODEL_LOCATION,
    Certainty,
    Edit,
    Finding,
    Fix,
    Location,
    Safety,
    Severity,
    operator_location,
    tensor_location,
)
from .lint.hookspecs import hookimpl
from .lint.rule import Rule, RuleMeta
from .model.dataflow import Dataflow
from .model.graph import Buffer, Model, Operator, OperatorCode, Quantization, Signature, Subgraph, Tensor

__all__ = [
    "MODEL_LOCATION",
    "Buffer",
    "Certainty",
    "Constraint",
    "Context",
    "Dataflow",
    "Edit",
    "Facts",
    "Finding",
    "Fix",
    "Grey",
    "Location",
    "Loss",
    "Model",
    "Operator",
    "OperatorCode",
    "OperatorPlacement",
    "Placement",
    "Quantization",
    "Rule",
    "RuleMeta",
    "Safety",
    "Severity",
    "Signature",
    "Source",
    "Status",
    "Subgraph",
    "Target",
    "Tensor",
    "constraint",
    "documented",
    "guess",
    "hookimpl",
    "measured",
    "operator_location",
    "tensor_location",
]

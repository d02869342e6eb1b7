"""All that a plugin may import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .edgetpu.arithmetic import arithmetic_of, has_scale
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
from .edgetpu.support.sizes import SIZE_LIMITS
from .edgetpu.target import Target
from .edgetpu.versions import introduced_in, known_to, needed_version, parser_limit, why_version
from .edgetpu.versions.needed import is_grouped
from .edgetpu.versions.parser import FIRST_UNKNOWN_CODE
from .lint.context import Context
from .lint.contract import is_image, real_range
from .lint.detection import Detection, DetectionOptions, DetectionOutput
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
from .lint.quantization_kind import QUANTIZATION_KINDS, Arithmetic, quantization_kind
from .lint.rule import Rule, RuleMeta
from .lint.wording import counted, described, listed, named, percent, quoted, reason_of, shortened, subject
from .lint.yolo import YoloHead, find_yolo_head
from .model.dataflow import Dataflow
from .model.graph import Buffer, Model, Operator, OperatorCode, Quantization, Signature, Subgraph, Tensor

if TYPE_CHECKING:
    from .edgetpu.dynamic_shapes import ComputedSize, DynamicSizes, find_dynamic_sizes
    from .edgetpu.patterns.constant_gather import ConstantGather, constant_gather
    from .edgetpu.patterns.end_to_end_head import EndToEndHead, find_end_to_end_head
    from .edgetpu.patterns.float_islands import FloatIsland, find_float_islands
    from .edgetpu.patterns.nearest_upsampling import NearestUpsampling, find_nearest_upsamplings
    from .edgetpu.patterns.space_to_batch import SpreadConvolution, find_spread_convolutions
    from .edgetpu.patterns.stacked_sum import StackedSum, find_stacked_sums
    from .edgetpu.patterns.transpose_pairs import TransposePair, find_transpose_pairs
    from .edgetpu.what_if import Break, Repair, WhatIf

__all__ = [
    "FIRST_UNKNOWN_CODE",
    "MODEL_LOCATION",
    "QUANTIZATION_KINDS",
    "SIZE_LIMITS",
    "Arithmetic",
    "Break",
    "Buffer",
    "Certainty",
    "ComputedSize",
    "ConstantGather",
    "Constraint",
    "Context",
    "Dataflow",
    "Detection",
    "DetectionOptions",
    "DetectionOutput",
    "DynamicSizes",
    "Edit",
    "EndToEndHead",
    "Facts",
    "Finding",
    "Fix",
    "FloatIsland",
    "Grey",
    "Location",
    "Loss",
    "Model",
    "NearestUpsampling",
    "Operator",
    "OperatorCode",
    "OperatorPlacement",
    "Placement",
    "Quantization",
    "Repair",
    "Rule",
    "RuleMeta",
    "Safety",
    "Severity",
    "Signature",
    "Source",
    "SpreadConvolution",
    "StackedSum",
    "Status",
    "Subgraph",
    "Target",
    "Tensor",
    "TransposePair",
    "WhatIf",
    "YoloHead",
    "arithmetic_of",
    "constant_gather",
    "constraint",
    "counted",
    "described",
    "documented",
    "find_dynamic_sizes",
    "find_end_to_end_head",
    "find_float_islands",
    "find_nearest_upsamplings",
    "find_spread_convolutions",
    "find_stacked_sums",
    "find_transpose_pairs",
    "find_yolo_head",
    "guess",
    "has_scale",
    "hookimpl",
    "introduced_in",
    "is_grouped",
    "is_image",
    "known_to",
    "listed",
    "measured",
    "named",
    "needed_version",
    "operator_location",
    "parser_limit",
    "percent",
    "quantization_kind",
    "quoted",
    "real_range",
    "reason_of",
    "shortened",
    "subject",
    "tensor_location",
    "why_version",
]

# Loaded when a rule asks for them: few models have the operators they look at, and every start counts.
_ON_DEMAND = {
    "Break": "what_if",
    "Repair": "what_if",
    "WhatIf": "what_if",
    "ComputedSize": "dynamic_shapes",
    "DynamicSizes": "dynamic_shapes",
    "find_dynamic_sizes": "dynamic_shapes",
    "ConstantGather": "patterns.constant_gather",
    "constant_gather": "patterns.constant_gather",
    "EndToEndHead": "patterns.end_to_end_head",
    "find_end_to_end_head": "patterns.end_to_end_head",
    "FloatIsland": "patterns.float_islands",
    "find_float_islands": "patterns.float_islands",
    "NearestUpsampling": "patterns.nearest_upsampling",
    "find_nearest_upsamplings": "patterns.nearest_upsampling",
    "SpreadConvolution": "patterns.space_to_batch",
    "find_spread_convolutions": "patterns.space_to_batch",
    "StackedSum": "patterns.stacked_sum",
    "find_stacked_sums": "patterns.stacked_sum",
    "TransposePair": "patterns.transpose_pairs",
    "find_transpose_pairs": "patterns.transpose_pairs",
}


def __getattr__(name: str) -> Any:
    module = _ON_DEMAND.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".edgetpu.{module}", __package__), name)

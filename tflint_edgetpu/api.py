"""All that a plugin may import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .edgetpu.arithmetic import arithmetic_of, has_scale
from .edgetpu.operator_placement import OperatorPlacement
from .edgetpu.placement import Loss, Placement
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
from .edgetpu.versions import introduced_in, known_to, needed_version, newest_known, parser_limit, why_version
from .edgetpu.versions.features import is_grouped
from .edgetpu.versions.parser import FIRST_UNKNOWN_CODE
from .lint.context import Context
from .lint.conversion import (
    affine,
    dequantize_line,
    is_image,
    output_lines,
    pixel_shortcut,
    quantize_line,
    real_range,
)
from .lint.deferred import ALWAYS, DeferredRule, deferred_rules
from .lint.detection import Detection, DetectionOptions, DetectionOutput, reading_lines
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
from .lint.hooks import hookimpl
from .lint.quantization_kind import QUANTIZATION_KINDS, Arithmetic, quantization_kind
from .lint.rule import Rule, RuleMeta
from .lint.wording import (
    counted,
    described,
    listed,
    named,
    others_like_it,
    percent,
    quoted,
    reason_of,
    shortened,
    subject,
)
from .lint.yolo import YoloHead, find_yolo_head
from .model.dataflow import Dataflow
from .model.graph import Buffer, Model, Operator, OperatorCode, Quantization, Signature, Subgraph, Tensor

if TYPE_CHECKING:
    from .edgetpu.compiled import CompiledModel, CompiledPart
    from .edgetpu.dynamic_shapes import ComputedSize, DynamicSizes, find_dynamic_sizes
    from .edgetpu.log.result import (
        CompilerLog,
        LoggedModel,
        LogLine,
        LogRow,
        Outcome,
        printed_size,
        size_in_bytes,
    )
    from .edgetpu.log.table import TableReading, row_names
    from .edgetpu.observed import Disagreement, Evidence, Observed
    from .edgetpu.patterns.constant_gather import ConstantGather, constant_gather
    from .edgetpu.patterns.end_to_end_head import EndToEndHead, find_end_to_end_head
    from .edgetpu.patterns.float_islands import FloatIsland, find_float_islands
    from .edgetpu.patterns.nearest_upsampling import NearestUpsampling, find_nearest_upsamplings
    from .edgetpu.patterns.space_to_batch import SpreadConvolution, find_spread_convolutions
    from .edgetpu.patterns.stacked_sum import StackedSum, find_stacked_sums
    from .edgetpu.patterns.transpose_pairs import (
        TransposePair,
        find_transpose_pairs,
        turns_channels_first_input,
    )
    from .edgetpu.patterns.transposed_islands import TransposedIsland, find_transposed_islands
    from .edgetpu.support.operators import SUPPORTED
    from .edgetpu.what_if import Break, Repair, WhatIf
    from .fix.edit import EditKind, EditRefused
    from .fix.nodes import Graph, OperatorNode, TensorNode
    from .fix.tree import Tree
    from .lint.labels import Labels, find_labels
    from .lint.object_detection_api import NATIVE_UPSAMPLING
    from .lint.recipe_mark import calibration_of
    from .lint.script_edits import holds_at_run, insert_before_run, remove_item, remove_statement
    from .lint.script_place import script_location
    from .script.branches import exclude_each_other, holds_at
    from .script.conversion import Conversion, Setting
    from .script.converter_output import MEANINGS, ConverterMessage
    from .script.exports import Export, is_on
    from .script.generators import called_generator, kind_of_function
    from .script.marks import mentions_converter
    from .script.names import Defined, Span, calls_of
    from .script.normalization import reached_from
    from .script.quantization import is_integer, kind_of
    from .script.results import Written
    from .script.script import Script
    from .script.source import Cell

__all__ = [
    "ALWAYS",
    "FIRST_UNKNOWN_CODE",
    "MEANINGS",
    "MODEL_LOCATION",
    "NATIVE_UPSAMPLING",
    "QUANTIZATION_KINDS",
    "SIZE_LIMITS",
    "SUPPORTED",
    "Arithmetic",
    "Break",
    "Buffer",
    "Cell",
    "Certainty",
    "CompiledModel",
    "CompiledPart",
    "CompilerLog",
    "ComputedSize",
    "ConstantGather",
    "Constraint",
    "Context",
    "Conversion",
    "ConverterMessage",
    "Dataflow",
    "DeferredRule",
    "Defined",
    "Detection",
    "DetectionOptions",
    "DetectionOutput",
    "Disagreement",
    "DynamicSizes",
    "Edit",
    "EditKind",
    "EditRefused",
    "EndToEndHead",
    "Evidence",
    "Export",
    "Facts",
    "Finding",
    "Fix",
    "FloatIsland",
    "Graph",
    "Grey",
    "Labels",
    "Location",
    "LogLine",
    "LogRow",
    "LoggedModel",
    "Loss",
    "Model",
    "NearestUpsampling",
    "Observed",
    "Operator",
    "OperatorCode",
    "OperatorNode",
    "OperatorPlacement",
    "Outcome",
    "Placement",
    "Quantization",
    "Repair",
    "Rule",
    "RuleMeta",
    "Safety",
    "Script",
    "Setting",
    "Severity",
    "Signature",
    "Source",
    "Span",
    "SpreadConvolution",
    "StackedSum",
    "Status",
    "Subgraph",
    "TableReading",
    "Target",
    "Tensor",
    "TensorNode",
    "TransposePair",
    "TransposedIsland",
    "Tree",
    "WhatIf",
    "Written",
    "YoloHead",
    "affine",
    "arithmetic_of",
    "calibration_of",
    "called_generator",
    "calls_of",
    "constant_gather",
    "constraint",
    "counted",
    "deferred_rules",
    "dequantize_line",
    "described",
    "documented",
    "exclude_each_other",
    "find_dynamic_sizes",
    "find_end_to_end_head",
    "find_float_islands",
    "find_labels",
    "find_nearest_upsamplings",
    "find_spread_convolutions",
    "find_stacked_sums",
    "find_transpose_pairs",
    "find_transposed_islands",
    "find_yolo_head",
    "guess",
    "has_scale",
    "holds_at",
    "holds_at_run",
    "hookimpl",
    "insert_before_run",
    "introduced_in",
    "is_grouped",
    "is_image",
    "is_integer",
    "is_on",
    "kind_of",
    "kind_of_function",
    "known_to",
    "listed",
    "measured",
    "mentions_converter",
    "named",
    "needed_version",
    "newest_known",
    "operator_location",
    "others_like_it",
    "output_lines",
    "parser_limit",
    "percent",
    "pixel_shortcut",
    "printed_size",
    "quantization_kind",
    "quantize_line",
    "quoted",
    "reached_from",
    "reading_lines",
    "real_range",
    "reason_of",
    "remove_item",
    "remove_statement",
    "row_names",
    "script_location",
    "shortened",
    "size_in_bytes",
    "subject",
    "tensor_location",
    "turns_channels_first_input",
    "why_version",
]

# Loaded when a plugin asks for them: few models have the operators that these rules look at, fewer are repaired,
# and every start counts. What is of `fix.` but for the edit kind itself needs the extra of that name.
_ON_DEMAND = {
    "EditKind": "fix.edit",
    "EditRefused": "fix.edit",
    "Graph": "fix.nodes",
    "OperatorNode": "fix.nodes",
    "TensorNode": "fix.nodes",
    "Tree": "fix.tree",
    "SUPPORTED": "support.operators",
    "Labels": "lint.labels",
    "find_labels": "lint.labels",
    "NATIVE_UPSAMPLING": "lint.object_detection_api",
    "CompiledModel": "compiled",
    "CompiledPart": "compiled",
    "CompilerLog": "log.result",
    "LoggedModel": "log.result",
    "LogLine": "log.result",
    "LogRow": "log.result",
    "Outcome": "log.result",
    "printed_size": "log.result",
    "size_in_bytes": "log.result",
    "TableReading": "log.table",
    "row_names": "log.table",
    "Disagreement": "observed",
    "Evidence": "observed",
    "Observed": "observed",
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
    "TransposedIsland": "patterns.transposed_islands",
    "find_transposed_islands": "patterns.transposed_islands",
    "turns_channels_first_input": "patterns.transpose_pairs",
    "calibration_of": "lint.recipe_mark",
    "MEANINGS": "script.converter_output",
    "holds_at_run": "lint.script_edits",
    "insert_before_run": "lint.script_edits",
    "remove_item": "lint.script_edits",
    "remove_statement": "lint.script_edits",
    "script_location": "lint.script_place",
    "exclude_each_other": "script.branches",
    "holds_at": "script.branches",
    "Conversion": "script.conversion",
    "Setting": "script.conversion",
    "Export": "script.exports",
    "is_on": "script.exports",
    "kind_of_function": "script.generators",
    "called_generator": "script.generators",
    "calls_of": "script.names",
    "Defined": "script.names",
    "Span": "script.names",
    "reached_from": "script.normalization",
    "is_integer": "script.quantization",
    "kind_of": "script.quantization",
    "Written": "script.results",
    "Script": "script.script",
    "Cell": "script.source",
    "mentions_converter": "script.marks",
    "ConverterMessage": "script.converter_output",
}


def __getattr__(name: str) -> Any:
    module = _ON_DEMAND.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    room = "" if module.startswith(("lint.", "fix.", "script.")) else "edgetpu."
    return getattr(import_module(f".{room}{module}", __package__), name)

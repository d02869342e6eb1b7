"""Operators that the Edge TPU does not have, or not in this form."""

from __future__ import annotations

from tflint_edgetpu.api import DeferredRule, deferred_rules, hookimpl

# Rule -> what a file must have for it to be imported at all.
RULES = {
    "ops001_unsupported_operator": "cpu",
    "ops002_operator_limit": "cpu",
    "ops003_leaky_relu": "LEAKY_RELU",
    "ops004_unsupported_activation": "cpu",
    "ops005_flex_operator": "CUSTOM",
    "ops006_custom_operator": "CUSTOM",
    "ops007_control_flow": "cpu",
    "ops008_several_subgraphs": "subgraphs",
    "ops009_computed_weights": "cpu",
    "ops010_nearest_upsampling_as_copies": "PACK TILE",
    "ops011_channels_first": "TRANSPOSE",
    "ops012_end_to_end_head": "TOPK_V2",
    "ops013_fused_activation": "cpu",
    "ops014_recurrent_limit": "cpu LSTM UNIDIRECTIONAL_SEQUENCE_LSTM",
    "ops015_cpu_operator_without_kernel": "cpu",
    "ops016_batch_matmul": "BATCH_MATMUL",
    "ops017_batch_split": "SPLIT",
    "ops018_pad_by_value": "PADV2",
    "ops019_int64_paddings": "INT64",
    "ops020_constant_gather": "GATHER GATHER_ND",
    "ops021_stacked_sum": "PACK",
    "ops022_large_mean": "MEAN",
    "ops023_unpack": "UNPACK",
}


@hookimpl
def tflint_rules() -> list[DeferredRule]:
    """The rules of this family."""
    return deferred_rules(__name__, RULES)

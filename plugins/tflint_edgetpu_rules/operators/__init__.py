"""Operators that the Edge TPU does not have, or not in this form."""

from __future__ import annotations

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this family."""
    from .ops001_unsupported_operator import UnsupportedOperator
    from .ops002_operator_limit import OperatorLimit
    from .ops003_leaky_relu import LeakyRelu
    from .ops004_unsupported_activation import UnsupportedActivation
    from .ops005_flex_operator import FlexOperator
    from .ops006_custom_operator import CustomOperator
    from .ops007_control_flow import ControlFlow
    from .ops008_several_subgraphs import SeveralSubgraphs
    from .ops009_computed_weights import ComputedWeights
    from .ops010_nearest_upsampling_as_copies import NearestUpsamplingAsCopies
    from .ops011_channels_first import ChannelsFirst
    from .ops012_end_to_end_head import EndToEndHead
    from .ops013_fused_activation import FusedActivation
    from .ops014_recurrent_limit import RecurrentLimit
    from .ops015_cpu_operator_without_kernel import CpuOperatorWithoutKernel
    from .ops016_batch_matmul import BatchMatmul
    from .ops017_batch_split import BatchSplit
    from .ops018_pad_by_value import PadByValue
    from .ops019_int64_paddings import Int64Paddings
    from .ops020_constant_gather import GatherByConstants
    from .ops021_stacked_sum import SumOfStack

    return [
        UnsupportedOperator,
        OperatorLimit,
        LeakyRelu,
        UnsupportedActivation,
        FlexOperator,
        CustomOperator,
        ControlFlow,
        SeveralSubgraphs,
        ComputedWeights,
        NearestUpsamplingAsCopies,
        ChannelsFirst,
        EndToEndHead,
        FusedActivation,
        RecurrentLimit,
        CpuOperatorWithoutKernel,
        BatchMatmul,
        BatchSplit,
        PadByValue,
        Int64Paddings,
        GatherByConstants,
        SumOfStack,
    ]

"""Rules of the quantization family."""

from __future__ import annotations

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this family."""
    from .qnt001_not_fully_quantized import NotFullyQuantized
    from .qnt002_float_island import IslandInFloat
    from .qnt003_int16_activations import Int16Activations
    from .qnt004_unquantized_integer_compute import UnquantizedIntegerCompute
    from .qnt005_bias_mismatch import BiasMismatch
    from .qnt006_degenerate_scale import DegenerateScale
    from .qnt007_fully_connected_per_channel_weights import FullyConnectedPerChannelWeights
    from .qnt008_mixed_range_output_concat import MixedRangeOutputConcat
    from .qnt009_near_zero_range import NearZeroRange
    from .qnt010_weights_not_8_bit import WeightsNot8Bit
    from .qnt011_constant_size_mismatch import ConstantSizeMismatch

    return [
        NotFullyQuantized,
        IslandInFloat,
        Int16Activations,
        UnquantizedIntegerCompute,
        BiasMismatch,
        DegenerateScale,
        FullyConnectedPerChannelWeights,
        MixedRangeOutputConcat,
        NearZeroRange,
        WeightsNot8Bit,
        ConstantSizeMismatch,
    ]

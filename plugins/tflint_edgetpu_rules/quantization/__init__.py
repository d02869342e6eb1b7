"""Rules of the quantization family."""

from __future__ import annotations

from tflint_edgetpu.api import ALWAYS, DeferredRule, deferred_rules, hookimpl

# Rule -> what a file must have for it to be imported at all.
RULES = {
    "qnt001_not_fully_quantized": "float",
    "qnt002_float_island": "float",
    "qnt003_int16_activations": "INT16",
    "qnt004_unquantized_integer_compute": ALWAYS,
    "qnt005_bias_mismatch": ALWAYS,
    "qnt006_degenerate_scale": ALWAYS,
    "qnt007_fully_connected_per_channel_weights": "FULLY_CONNECTED",
    "qnt008_mixed_range_output_concat": "CONCATENATION",
    "qnt009_near_zero_range": ALWAYS,
    "qnt010_weights_not_8_bit": ALWAYS,
    "qnt011_constant_size_mismatch": ALWAYS,
}


@hookimpl
def tflint_rules() -> list[DeferredRule]:
    """The rules of this family."""
    return deferred_rules(__name__, RULES)

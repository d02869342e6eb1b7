"""Inputs and outputs of the model: what the application has to feed and gets back."""

from __future__ import annotations

from tflint_edgetpu.api import ALWAYS, DeferredRule, deferred_rules, hookimpl

# Rule -> what a file must have for it to be imported at all.
RULES = {
    "iob001_float_input": "float",
    "iob002_float_output": "float",
    "iob003_signedness_mismatch": "consumer",
    "iob004_repeated_conversion": "QUANTIZE",
    "iob005_input_range": ALWAYS,
    "iob006_plain_integers": ALWAYS,
}


@hookimpl
def tflint_rules() -> list[DeferredRule]:
    """The rules of this family."""
    return deferred_rules(__name__, RULES)

"""Rules of the memory family."""

from __future__ import annotations

from tflint_edgetpu.api import ALWAYS, DeferredRule, deferred_rules, hookimpl

# Rule -> what a file must have for it to be imported at all.
RULES = {
    "mem001_tensor_too_large": "cpu",
    "mem002_large_activations": ALWAYS,
    "mem003_parameter_cache_overflow": ALWAYS,
    "mem004_tiny_dense_model": "FULLY_CONNECTED",
}


@hookimpl
def tflint_rules() -> list[DeferredRule]:
    """The rules of this family."""
    return deferred_rules(__name__, RULES)

"""Rules of the memory family."""

from __future__ import annotations

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this family."""
    from .mem001_tensor_too_large import TensorTooLarge
    from .mem002_large_activations import LargeActivations
    from .mem003_parameter_cache_overflow import ParameterCacheOverflow
    from .mem004_tiny_dense_model import TinyDenseModel

    return [TensorTooLarge, LargeActivations, ParameterCacheOverflow, TinyDenseModel]

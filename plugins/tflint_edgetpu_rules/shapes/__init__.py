"""Rules of the shapes family."""

from __future__ import annotations

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this family."""
    from .shp001_dynamic_shape import DynamicShape
    from .shp002_too_many_dimensions import TooManyDimensions
    from .shp003_dilation_as_space_to_batch import DilationAsSpaceToBatch

    return [DynamicShape, TooManyDimensions, DilationAsSpaceToBatch]

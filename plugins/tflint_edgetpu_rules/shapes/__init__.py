"""Rules of the shapes family."""

from __future__ import annotations

from tflint_edgetpu.api import ALWAYS, DeferredRule, deferred_rules, hookimpl

# Rule -> what a file must have for it to be imported at all.
RULES = {
    "shp001_dynamic_shape": ALWAYS,
    "shp002_too_many_dimensions": "cpu",
    "shp003_dilation_as_space_to_batch": "SPACE_TO_BATCH_ND",
}


@hookimpl
def tflint_rules() -> list[DeferredRule]:
    """The rules of this family."""
    return deferred_rules(__name__, RULES)

"""Operator versions and file features newer than the compiler's parser of 2021."""

from __future__ import annotations

from tflint_edgetpu.api import ALWAYS, DeferredRule, deferred_rules, hookimpl

# Rule -> what a file must have for it to be imported at all.
RULES = {
    "ver001_version_too_new": ALWAYS,
    "ver002_inflated_version": ALWAYS,
    "ver003_unknown_builtin": ALWAYS,
    "ver004_transpose_conv_activation": "TRANSPOSE_CONV",
    "ver005_grouped_convolution": "CONV_2D",
    "ver006_half_pixel_centers": "RESIZE_NEAREST_NEIGHBOR RESIZE_BILINEAR",
    "ver007_external_buffers": "external",
    "ver008_version_too_low": ALWAYS,
}


@hookimpl
def tflint_rules() -> list[DeferredRule]:
    """The rules of this family."""
    return deferred_rules(__name__, RULES)

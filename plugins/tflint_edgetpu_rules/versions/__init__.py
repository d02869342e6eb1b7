"""Operator versions and file features newer than the compiler's parser of 2021."""

from __future__ import annotations

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this family."""
    from .ver001_version_too_new import VersionTooNew
    from .ver002_inflated_version import InflatedVersion
    from .ver003_unknown_builtin import UnknownBuiltin
    from .ver004_transpose_conv_activation import TransposeConvActivation
    from .ver005_grouped_convolution import GroupedConvolution
    from .ver006_half_pixel_centers import HalfPixelCenters
    from .ver007_external_buffers import ExternalBuffers
    from .ver008_version_too_low import VersionTooLow

    return [
        VersionTooNew,
        InflatedVersion,
        UnknownBuiltin,
        TransposeConvActivation,
        GroupedConvolution,
        HalfPixelCenters,
        ExternalBuffers,
        VersionTooLow,
    ]

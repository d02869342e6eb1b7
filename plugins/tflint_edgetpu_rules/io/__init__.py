"""Inputs and outputs of the model: what the application has to feed and gets back."""

from __future__ import annotations

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this family."""
    from .iob001_float_input import FloatInput

    return [FloatInput]

"""Acme's own rules."""

from __future__ import annotations

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this plugin."""
    from .acm001_wide_input import WideInput

    return [WideInput]

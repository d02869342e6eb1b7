"""Acme's own rules, and an output format."""

from __future__ import annotations

from typing import Any

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this plugin."""
    from .acm001_wide_input import WideInput

    return [WideInput]


@hookimpl
def tflint_reporters() -> list[Any]:
    """The output formats of this plugin."""
    from .count import Count

    return [Count()]

"""Inputs and outputs of the model: what the application has to feed and gets back."""

from __future__ import annotations

from tflint_edgetpu.api import Rule, hookimpl


@hookimpl
def tflint_rules() -> list[type[Rule]]:
    """The rules of this family."""
    from .iob001_float_input import FloatInput
    from .iob002_float_output import FloatOutput
    from .iob003_signedness_mismatch import SignednessMismatch
    from .iob004_repeated_conversion import RepeatedConversion
    from .iob005_input_range import InputRange
    from .iob006_plain_integers import PlainIntegers

    return [FloatInput, FloatOutput, SignednessMismatch, RepeatedConversion, InputRange, PlainIntegers]

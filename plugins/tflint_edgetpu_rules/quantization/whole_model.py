"""Findings that may concern every operator of a model, one without any arithmetic included."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tflint_edgetpu.api import Context, Operator, Severity, named


def how_many(operators: Sequence[Operator], total: int) -> str:
    """``all 5 computing operators work``, ``3 of 5``, ``both`` or ``the one``."""
    if len(operators) < total:
        return f"{len(operators)} of {total} computing operators work"
    if total == 1:
        return "the one computing operator works"
    return f"{'both' if total == 2 else f'all {total}'} computing operators work"


def which(operators: Sequence[Operator]) -> str:
    """``, from CONV_2D 'stem' on``."""
    first = f"{operators[0].label} {named(operators[0])}"
    return f", from {first} on" if len(operators) > 1 else f": {first}"


def severity_of(operators: Collection[Operator], context: Context) -> Severity:
    """By what is lost, but always an error where nothing at all runs on the Edge TPU."""
    return context.severity_of_loss(operators) if context.placement.edgetpu else Severity.ERROR


def cost_of(operators: Collection[Operator], context: Context) -> str:
    if context.placement.edgetpu:
        return context.cost_of_loss(operators)
    return "no operator of the model runs on the Edge TPU"

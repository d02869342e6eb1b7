"""The operator that ``edgetpu_compiler`` puts in the place of all that it mapped."""

from __future__ import annotations

from ..model.errors import ReadError
from ..model.graph import Model

CUSTOM_OP = "edgetpu-custom-op"


def is_compiled(model: Model) -> bool:
    """Whether the compiler already made this file."""
    return any(code.custom_code == CUSTOM_OP for code in model.operator_codes)


def refuse_compiled(model: Model) -> None:
    """Raise :class:`ReadError` for a compiled file: where its operators run can be read, not predicted."""
    if is_compiled(model):
        raise ReadError(
            "edgetpu_compiler already made this file, so that there is nothing to predict: name the model it was "
            "made from; 'tflint-edgetpu lint' shows what is in this one"
        )

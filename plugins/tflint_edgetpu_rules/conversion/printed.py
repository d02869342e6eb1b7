"""Where the converter said something."""

from __future__ import annotations

from tflint_edgetpu.api import Context, ConverterMessage, Location


def place_of(message: ConverterMessage, context: Context) -> Location | None:
    """The line of a log that is examined by itself; ``None``, the model as a whole, beside a model: what was printed
    while it was made is in no file.
    """
    if context.has_model or message.line is None:
        return None
    return Location(
        "log", f"line {message.line}", f"line {message.line}", f"converter:{message.kind}", line=message.line
    )

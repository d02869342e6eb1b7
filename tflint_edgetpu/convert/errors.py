"""What stops a conversion. Each text is one line for the user."""

from __future__ import annotations

from importlib.util import find_spec

INSTALL = "pip install 'tflint-edgetpu[convert]'"


class SourceError(Exception):
    """What was given is no source that can be converted, or it cannot be told what it is."""


class CannotConvert(Exception):
    """There is no integer model to show for it: TensorFlow is missing, the source does not load, every step of
    the ladder failed.
    """


def require_tensorflow() -> None:
    """Raises CannotConvert with the install command where TensorFlow is not installed; imports nothing."""
    if find_spec("tensorflow") is None:
        raise CannotConvert(f"a conversion needs TensorFlow, which is not installed: {INSTALL}")

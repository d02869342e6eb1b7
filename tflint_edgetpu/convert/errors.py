"""What stops a conversion. Each text is one line for the user."""

from __future__ import annotations


class SourceError(Exception):
    """What was given is no source that can be converted, or it cannot be told what it is."""


class CannotConvert(Exception):
    """There is no integer model to show for it: TensorFlow is missing, the source does not load, every step of
    the ladder failed.
    """

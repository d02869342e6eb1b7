"""What keeps data from being used."""

from __future__ import annotations


class CalibrationError(Exception):
    """The data cannot be used for calibration; one line that says what and why."""


class Unreadable(Exception):
    """One entry of a source is of no use and is left out; the text says why, in a few words."""

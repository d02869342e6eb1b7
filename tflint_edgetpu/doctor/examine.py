"""All checks, in the order in which one thing needs the other."""

from __future__ import annotations

from collections.abc import Callable

from . import (
    compiler,
    devices,
    interpreters,
    kernel_module,
    libedgetpu,
    numpy_pairs,
    pycoral,
    python,
    tensorflow,
)
from .line import Line
from .machine import Machine

CHECKS: tuple[Callable[[Machine], list[Line]], ...] = (
    python.check,
    tensorflow.check,
    interpreters.check,
    numpy_pairs.check,
    pycoral.check,
    libedgetpu.check,
    devices.check,
    kernel_module.check,
    compiler.check,
)


def examine(machine: Machine) -> tuple[Line, ...]:
    """Every line of every check."""
    return tuple(line for check in CHECKS for line in check(machine))

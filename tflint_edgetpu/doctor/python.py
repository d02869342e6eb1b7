"""The Python that runs this program, and what it can install."""

from __future__ import annotations

from ..verify.device import PYTHON_VARIABLE
from . import wheels
from .line import OK, Line
from .machine import Machine

TOPIC = "Python"


def check(machine: Machine) -> list[Line]:
    available = [entry.name for entry in wheels.ALL if wheels.has_wheel(machine, entry)]
    missing = [entry for entry in wheels.ALL if not wheels.has_wheel(machine, entry)]
    text = f"{'.'.join(map(str, machine.python))} on {machine.architecture} {machine.system_name}"
    if available:
        text += f"; wheels exist for {', '.join(available)}"
    if missing:
        text += f"; none for {', '.join(_why(machine, entry) for entry in missing)}"
    return [Line(TOPIC, OK, text, _cure(missing))]


def _why(machine: Machine, entry: wheels.Wheels) -> str:
    return f"{entry.name} ({wheels.platform_obstacle(machine, entry) or wheels.span(entry)})"


def _cure(missing: list[wheels.Wheels]) -> str:
    """Only where this program lacks something itself: PyCoral and tflite-runtime can be done without."""
    if wheels.TENSORFLOW in missing and wheels.LITERT not in missing:
        return "# 'tflint-edgetpu convert' needs a Python that TensorFlow has wheels for: 3.10 to 3.13"
    if wheels.LITERT in missing:
        return f"# fix, verify and convert need LiteRT; a device can be driven by another Python: {PYTHON_VARIABLE}=..."
    return ""

"""Which Python and which platform can install what.

Asked of the package index with ``pip install --dry-run --python-version --platform`` in November 2026:
tensorflow 2.21.0, ai-edge-litert 2.3.0, tflite-runtime 2.14.0 (the last one).  PyCoral 2.0.0: the wheels of
its release, see google-coral/pycoral#58.
"""

from __future__ import annotations

from typing import NamedTuple

from .machine import Machine


class Wheels(NamedTuple):
    name: str
    first: tuple[int, int]  # Python
    last: tuple[int, int]


TENSORFLOW = Wheels("TensorFlow", (3, 10), (3, 13))
LITERT = Wheels("LiteRT", (3, 10), (3, 14))
TFLITE_RUNTIME = Wheels("tflite-runtime", (3, 9), (3, 11))
PYCORAL = Wheels("PyCoral 2.0", (3, 6), (3, 9))
ALL = (TENSORFLOW, LITERT, TFLITE_RUNTIME, PYCORAL)


def has_wheel(machine: Machine, wheels: Wheels) -> bool:
    return wheels.first <= machine.python[:2] <= wheels.last and platform_obstacle(machine, wheels) is None


def platform_obstacle(machine: Machine, wheels: Wheels) -> str | None:
    """Why there is no current wheel for this platform, whatever the Python; ``None`` where there is."""
    architecture = machine.architecture.lower()
    if wheels in (TENSORFLOW, LITERT):
        if machine.system == "Linux" and not (machine.is_x86_64 or architecture in ("aarch64", "arm64")):
            return f"no wheel for {machine.architecture} Linux"
        if machine.system == "Darwin" and machine.is_x86_64:
            last = "2.16.2" if wheels is TENSORFLOW else "1.0.1"
            return f"on Intel Macs its wheels end at {last}"
    if wheels is TFLITE_RUNTIME and machine.system != "Linux":
        return f"no wheel of 2.14.0 for {machine.system}"
    return None


def span(wheels: Wheels) -> str:
    return f"Python {wheels.first[0]}.{wheels.first[1]} to {wheels.last[0]}.{wheels.last[1]}"

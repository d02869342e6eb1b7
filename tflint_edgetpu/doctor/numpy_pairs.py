"""NumPy beside packages that were built against another one."""

from __future__ import annotations

from typing import NamedTuple

from .line import ABSENT, OK, PROBLEM, Line
from .machine import Machine

TOPIC = "NumPy"
_NO_ARRAY_API = "importing it ends in 'AttributeError: _ARRAY_API not found'"
_SYMPTOM = "'A module that was compiled using NumPy 1.x cannot be run in NumPy 2'"


class Pair(NamedTuple):
    """A package that breaks with NumPy 2 or later, in the versions before ``fixed_in``."""

    distribution: str
    fixed_in: tuple[int, ...] | None  # None: no version was ever built against NumPy 2
    symptom: str
    reference: str


PAIRS = (
    # Tried: 2.14.0 imports with NumPy 2.4.6, and no Interpreter can be made.
    Pair(
        "tflite-runtime", None,
        "every Interpreter ends in 'SystemError: <built-in method CreateWrapperFromFile ...> returned a result with an "
        "exception set'",
        "measured: tflite-runtime 2.14.0 with NumPy 2.4.6",
    ),
    # Rebuilt ones (feranick's 2.0.2 and later) are not accused.
    Pair("pycoral", (2, 0, 1), f"importing it ends in {_SYMPTOM}", "codeproject/CodeProject.AI-Server#118"),
    Pair("tensorflow", (2, 18), _NO_ARRAY_API, "tensorflow/tensorflow#90245"),
    Pair("tensorflow-cpu", (2, 18), _NO_ARRAY_API, "tensorflow/tensorflow#90245"),
)  # fmt: skip
# The unrelated project of that name, PyPI's, is pure Python and ends at 0.2.0; Coral's began with 1.0.
_CORALS_PYCORAL_SINCE = (1,)


def check(machine: Machine) -> list[Line]:
    version = machine.distributions.get("numpy")
    if version is None:
        return [
            Line(
                TOPIC,
                ABSENT,
                "not installed; fix, verify and convert need it",
                "pip install 'tflint-edgetpu[fix]'",
            )
        ]
    broken = [pair for pair in PAIRS if _breaks(machine, pair)]
    if not broken:
        return [Line(TOPIC, OK, version)]
    return [
        Line(
            TOPIC,
            PROBLEM,
            f"{version} does not work with {pair.distribution} {machine.distributions[pair.distribution]}: "
            f"{pair.symptom}",
            _cure(pair),
            pair.reference,
        )
        for pair in broken
    ]


def _breaks(machine: Machine, pair: Pair) -> bool:
    if (machine.version("numpy") or ()) < (2,):
        return False
    version = machine.version(pair.distribution)
    if version is None or (pair.distribution == "pycoral" and version < _CORALS_PYCORAL_SINCE):
        return False
    return pair.fixed_in is None or version < pair.fixed_in


def _cure(pair: Pair) -> str:
    if pair.distribution == "tflite-runtime":
        successor = "pip uninstall -y tflite-runtime && pip install ai-edge-litert"
        return f"pip install 'numpy<2'\n# or its successor in its place: {successor}"
    return "pip install 'numpy<2'"

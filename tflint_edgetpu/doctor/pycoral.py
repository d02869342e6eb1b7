"""Which ``pycoral`` this is.

Coral's package is on Coral's own index and in its apt repository, never on PyPI.  PyPI's project of that
name is "Simple CLI for Allen Coral Atlas" (0.0.4 to 0.2.0, October 2023): one module ``pycoral/pycoral.py``.
Coral's has the sub-packages ``utils``, ``adapters`` and ``pybind``.
"""

from __future__ import annotations

from pathlib import Path

from . import wheels
from .line import ABSENT, OK, PROBLEM, Line
from .machine import Machine

TOPIC = "PyCoral"
INSTALL = "pip install --extra-index-url https://google-coral.github.io/py-repo/ 'pycoral~=2.0'"
WITHOUT = "# PyCoral can be done without: LiteRT loads libedgetpu by itself (ai_edge_litert.interpreter.load_delegate)"


def check(machine: Machine) -> list[Line]:
    folder = find(machine)
    if folder is None:
        return [_absent(machine)]
    if is_corals(folder):
        name = "pycoral-pi5" if "pycoral-pi5" in machine.distributions else "pycoral"
        return [
            Line(TOPIC, OK, f"Coral's own, {machine.distributions.get(name, 'version unknown')} in {folder}")
        ]
    if (folder / "pycoral.py").is_file():
        text = (
            f"pycoral {machine.distributions.get('pycoral', '')} in {folder} is not Coral's: PyPI's project of "
            "that name is a client of the Allen Coral Atlas (maps of reefs)"
        )
    else:
        text = f"the package pycoral in {folder} is not Coral's: it has no pycoral.utils"
    wheel = wheels.has_wheel(machine, wheels.PYCORAL)
    return [
        Line(
            TOPIC,
            PROBLEM,
            text,
            f"pip uninstall -y pycoral\n{INSTALL if wheel else WITHOUT}",
            "google-coral/pycoral#75",
        )
    ]


def find(machine: Machine) -> Path | None:
    """The folder of the first package named ``pycoral`` on Python's path."""
    for folder in machine.folders:
        package = folder / "pycoral"
        if (package / "__init__.py").is_file() or (package / "utils").is_dir():
            return package
    return None


def is_corals(package: Path) -> bool:
    return (package / "utils" / "edgetpu.py").is_file()


def _absent(machine: Machine) -> Line:
    if wheels.has_wheel(machine, wheels.PYCORAL):
        return Line(TOPIC, ABSENT, "not installed; mind that PyPI's 'pycoral' is another project", INSTALL)
    return Line(
        TOPIC,
        ABSENT,
        f"not installed; its wheels are for {wheels.span(wheels.PYCORAL)} (and PyPI's 'pycoral' is another project)",
        WITHOUT,
    )

"""The driver library: is it there, which one, and does it go with the interpreter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..verify.device import PYTHON_VARIABLE
from . import pycoral
from .coral_packages import ARCHIVE, REBUILT, apt
from .line import ABSENT, OK, PROBLEM, Line
from .machine import Machine

TOPIC = "libedgetpu"
# Built against TensorFlow 2.5; with interpreters of this version and later it ends in a segmentation fault.
BREAKS_WITH_TFLITE_SINCE = (2, 12)
CRASH_REFERENCE = "google-coral/edgetpu#812"
PACKAGES = ("libedgetpu1-std", "libedgetpu1-max")
CURRENT_RUNTIME = 14  # of every public build since July 2021; older packages run on it
_STOCK = re.compile(r"\d+\.\d+(-\d+)?$")  # rebuilt ones name their TensorFlow: 16.0TF2.19.1-1


class Package(NamedTuple):
    """A Debian package that is installed."""

    name: str
    version: str

    @property
    def clock(self) -> str:
        """Both packages hold the same library at two clock rates; only one can be installed."""
        return "maximum frequency: the device gets hot" if self.name.endswith("max") else "standard frequency"

    @property
    def is_stock(self) -> bool:
        return _STOCK.fullmatch(self.version) is not None


def check(machine: Machine) -> list[Line]:
    files = list(library_files(machine))
    package = debian_package(machine)
    runtime = machine.runtime()
    if not files and runtime.version is None and package is None:
        return [Line(TOPIC, ABSENT, "not installed; only running on an Edge TPU needs it", install(machine))]
    where = str(files[0]) if files else "found by the system's loader"
    label = f"{package.name} {package.version} ({package.clock})" if package else "installed by hand"
    if runtime.version is None:
        why = f": {runtime.problem}" if runtime.problem else ""
        return [Line(TOPIC, PROBLEM, f"{label}, {where}, cannot be loaded{why}", _repair(machine))]
    lines = []
    if runtime.version < CURRENT_RUNTIME:
        lines.append(
            Line(
                TOPIC, PROBLEM,
                f"{label}, {where}: runtime {runtime.version} refuses models that the last compiler makes for "
                f"runtime {CURRENT_RUNTIME} ('Package requires runtime version')",
                f"{install(machine)}\n# or compile for it: edgetpu_compiler -m {runtime.version} MODEL",
                "google-coral/edgetpu#435",
            )
        )  # fmt: skip
    else:
        lines.append(Line(TOPIC, OK, f"{label}, {where}, runtime {runtime.version}"))
    lines.extend(_pair(machine, package))
    return lines


def install(machine: Machine) -> str:
    if machine.system == "Darwin":
        return f"curl -LO {ARCHIVE}\nunzip edgetpu_runtime_20221024.zip && cd edgetpu_runtime && sudo bash install.sh"
    if machine.system == "Windows":
        return (
            f"curl.exe -LO {ARCHIVE}\ntar -xf edgetpu_runtime_20221024.zip\ncd edgetpu_runtime && install.bat"
        )
    return apt("libedgetpu1-std")


def _repair(machine: Machine) -> str:
    if machine.is_linux:
        return f"sudo apt-get install -y libusb-1.0-0\n{install(machine)}"
    return install(machine)


def _pair(machine: Machine, package: Package | None) -> list[Line]:
    """A stock library beside an interpreter it was not built for. Unknown where no package tells its version."""
    if package is None or not package.is_stock:
        return []
    folder = pycoral.find(machine)
    runtime = machine.version("tflite-runtime")
    if folder is not None and pycoral.is_corals(folder):
        wrong = runtime is not None and runtime >= BREAKS_WITH_TFLITE_SINCE
        name = f"tflite-runtime {machine.distributions.get('tflite-runtime')}"
    elif "ai-edge-litert" in machine.distributions:
        wrong, name = True, f"LiteRT {machine.distributions['ai-edge-litert']}"
    else:
        wrong = runtime is not None and runtime >= BREAKS_WITH_TFLITE_SINCE
        name = f"tflite-runtime {machine.distributions.get('tflite-runtime')}"
    if not wrong:
        return []
    return [
        Line(
            "libedgetpu pair", PROBLEM,
            f"{package.name} {package.version} was built against TensorFlow 2.5: with {name} users report a "
            "segmentation fault on loading",
            f"# install a rebuilt one: {REBUILT}\n# or let Python 3.9 with PyCoral drive the device:\n"
            f"python3.9 -m {pycoral.INSTALL}\nexport {PYTHON_VARIABLE}=python3.9",
            CRASH_REFERENCE,
        )
    ]  # fmt: skip


def library_files(machine: Machine) -> Iterator[Path]:
    """Where the library lies, in the folders that loaders look into."""
    name, places = {
        "Darwin": ("libedgetpu.1.dylib", ("usr/local/lib", "opt/local/lib", "opt/homebrew/lib")),
        "Windows": ("edgetpu.dll", ("Windows/System32",)),
    }.get(machine.system, ("libedgetpu.so.1", ("usr/lib", "usr/lib/*", "lib/*", "usr/local/lib")))
    seen = set()
    for place in places:
        for file in sorted(machine.root.glob(f"{place}/{name}")):
            if file.exists() and file.resolve() not in seen:
                seen.add(file.resolve())
                yield Path("/") / file.relative_to(machine.root) if machine.root != Path("/") else file


def debian_package(machine: Machine) -> Package | None:
    """The installed one of libedgetpu1-std and libedgetpu1-max."""
    try:
        with (machine.root / "var/lib/dpkg/status").open(encoding="utf-8", errors="replace") as status:
            name = installed = ""
            for line in status:
                if line.startswith("Package: "):
                    name, installed = line[9:].strip(), ""
                elif line.startswith("Status: "):
                    installed = line[8:].strip()
                elif line.startswith("Version: ") and name in PACKAGES and installed.endswith(" installed"):
                    return Package(name, line[9:].strip())
    except OSError:
        pass
    return None

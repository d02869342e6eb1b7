"""The machine as the checks see it: everything they read is a field, so that any machine can be stood in."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..verify.device import Runtime, device_python, installed_runtime

# Asked for by name: reading the metadata of a whole environment takes longer than all checks together.
DISTRIBUTIONS = (
    "tensorflow", "tensorflow-cpu", "tf-nightly", "tf-keras", "keras", "ai-edge-litert", "tflite-runtime",
    "ai-edge-quantizer", "litert-quantizer", "pillow", "numpy", "flatbuffers", "pycoral", "pycoral-pi5",
)  # fmt: skip


class Machine(NamedTuple):
    system: str  # Linux | Darwin | Windows
    architecture: str  # as platform.machine() says: x86_64, AMD64, aarch64, arm64, armv7l
    kernel: str  # its release
    root: Path  # '/', or a folder that stands in for it
    python: tuple[int, int, int]
    executable: str
    distributions: Mapping[str, str]  # name -> version, of those in DISTRIBUTIONS that are installed
    folders: tuple[Path, ...]  # where Python looks for packages
    path: str  # PATH, where programs are looked for
    user: str
    groups: frozenset[str]
    runtime: Callable[[], Runtime]  # asks PyCoral or libedgetpu in a child process

    @property
    def system_name(self) -> str:
        """As people call it."""
        return {"Darwin": "macOS"}.get(self.system, self.system)

    @property
    def is_linux(self) -> bool:
        return self.system == "Linux"

    @property
    def is_x86_64(self) -> bool:
        return self.architecture.lower() in ("x86_64", "amd64")

    @property
    def is_container(self) -> bool:
        return any((self.root / name).exists() for name in (".dockerenv", "run/.containerenv"))

    def version(self, distribution: str) -> tuple[int, ...] | None:
        """The leading numbers of an installed version, ``None`` where it is not installed."""
        text = self.distributions.get(distribution)
        return None if text is None else numbers(text)


def numbers(version: str) -> tuple[int, ...]:
    """``2.21.0rc1`` -> (2, 21, 0)."""
    found: list[int] = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        found.append(int(digits))
        if digits != part:
            break
    return tuple(found)


def this_machine() -> Machine:
    """The machine and the Python that this program runs on."""
    memory: list[Runtime] = []

    def runtime() -> Runtime:
        if not memory:
            memory.append(installed_runtime(python=device_python()))
        return memory[0]

    return Machine(
        platform.system(),
        platform.machine(),
        platform.release(),
        Path("/"),
        sys.version_info[:3],
        sys.executable,
        _installed(DISTRIBUTIONS),
        tuple(Path(folder or ".") for folder in sys.path),
        os.environ.get("PATH", ""),
        _user(),
        _groups(),
        runtime,
    )


def _installed(names: Sequence[str]) -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _user() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "$USER"


def _groups() -> frozenset[str]:
    """Names of the groups of this process: one that was added after login is not among them."""
    try:
        import grp
    except ImportError:  # Windows
        return frozenset()
    names = set()
    for number in {*os.getgroups(), os.getegid()}:
        try:
            names.add(grp.getgrgid(number).gr_name)
        except KeyError:
            names.add(str(number))
    return frozenset(names)

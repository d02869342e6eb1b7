"""The Edge TPUs on the buses of a Linux machine, read from ``/sys`` and ``/dev`` without libedgetpu.

USB: ``1a6e:089a`` before the firmware was loaded, that is until a program opens it for the first time, and
``18d1:9302`` afterwards (``debian/edgetpu-accelerator.rules`` of google-coral/libedgetpu).  PCIe and M.2:
``1ac1:089a``, with the node ``/dev/apex_N`` once the kernel module apex has taken it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

USB_BEFORE_FIRMWARE = "1a6e:089a"
USB_READY = "18d1:9302"
PCI = "1ac1:089a"


class EdgeTpu(NamedTuple):
    """One device."""

    kind: str  # usb | pci
    path: str  # its node under /dev, or its place on the bus where it has none
    id: str  # vendor:product; '' where the runtime told of it
    has_node: bool
    accessible: bool | None  # whether this user may read and write the node; None: unknown

    @property
    def firmware_is_loaded(self) -> bool:
        return self.id != USB_BEFORE_FIRMWARE


def plugged_in(root: Path = Path("/")) -> list[EdgeTpu]:
    """All Edge TPUs under ``root``, USB first."""
    return [*_usb(root), *_pci(root)]


def _usb(root: Path) -> list[EdgeTpu]:
    found = []
    for folder in _entries(root / "sys/bus/usb/devices"):
        identity = f"{_word(folder / 'idVendor')}:{_word(folder / 'idProduct')}"
        if identity not in (USB_BEFORE_FIRMWARE, USB_READY):
            continue
        bus, number = _word(folder / "busnum"), _word(folder / "devnum")
        if bus.isdecimal() and number.isdecimal():
            node = root / f"dev/bus/usb/{int(bus):03}/{int(number):03}"
            if node.exists():
                found.append(EdgeTpu("usb", _shown(root, node), identity, True, _may_use(node)))
                continue
        found.append(EdgeTpu("usb", folder.name, identity, False, None))
    return found


def _pci(root: Path) -> list[EdgeTpu]:
    nodes = sorted((root / "dev").glob("apex_*")) if (root / "dev").is_dir() else []
    found = [EdgeTpu("pci", _shown(root, node), PCI, True, _may_use(node)) for node in nodes]
    on_bus = [
        folder
        for folder in _entries(root / "sys/bus/pci/devices")
        if f"{_word(folder / 'vendor')[-4:]}:{_word(folder / 'device')[-4:]}" == PCI
    ]
    # The kernel gives the nodes in no order that the bus shows: those beyond their number have none.
    found.extend(EdgeTpu("pci", folder.name, PCI, False, None) for folder in on_bus[len(nodes) :])
    return found


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _word(file: Path) -> str:
    try:
        return file.read_text("ascii", "replace").strip().lower()
    except OSError:
        return ""


def _shown(root: Path, node: Path) -> str:
    return "/" + node.relative_to(root).as_posix()


def _may_use(node: Path) -> bool:
    return os.access(node, os.R_OK | os.W_OK)

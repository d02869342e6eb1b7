"""The kernel modules gasket and apex, which PCIe and M.2 devices need; USB does without."""

from __future__ import annotations

from ..verify.coral_devices import plugged_in
from .coral_packages import apt
from .line import ABSENT, OK, PROBLEM, Line
from .machine import Machine, numbers

TOPIC = "apex module"
# The sources of Coral's gasket-dkms 1.0-18 stop compiling: class_create lost an argument.
PACKAGE_BUILDS_BEFORE = (6, 4)
REFERENCE = "google/gasket-driver#12"
FROM_SOURCE = """\
sudo apt-get install -y git devscripts debhelper dkms dh-dkms
git clone https://github.com/google/gasket-driver.git && cd gasket-driver
debuild -us -uc -tc -b
sudo dpkg -i ../gasket-dkms_1.0-18_all.deb && sudo modprobe apex"""


def check(machine: Machine) -> list[Line]:
    if not machine.is_linux:
        return []
    devices = [device for device in plugged_in(machine.root) if device.kind == "pci"]
    loaded = _loaded(machine)
    without_node = [device for device in devices if not device.has_node]
    if loaded == {"gasket", "apex"}:
        if not without_node:
            return [Line(TOPIC, OK, "gasket and apex are loaded")]
        text = (
            f"gasket and apex are loaded but did not take the device {without_node[0].path}: no /dev/apex_N"
        )
        return [Line(TOPIC, PROBLEM, text, "sudo dmesg | grep -i -e apex -e gasket")]
    if not devices:
        return [Line(TOPIC, ABSENT, "not loaded; only PCIe and M.2 devices need it, and there is none")]
    if not without_node:
        return [Line(TOPIC, OK, "built into the kernel: the device has its node")]
    missing = sorted({"gasket", "apex"} - loaded)
    verb = "are" if len(missing) > 1 else "is"
    text = (
        f"the PCIe device {without_node[0].path} has no /dev/apex_N: {' and '.join(missing)} {verb} not loaded on "
        f"kernel {machine.kernel}"
    )
    if _available(machine):
        return [Line(TOPIC, PROBLEM, text, "sudo modprobe apex")]
    if numbers(machine.kernel)[:2] >= PACKAGE_BUILDS_BEFORE:
        text += "; Coral's package gasket-dkms does not build from 6.4 on, its sources have the repair"
        return [Line(TOPIC, PROBLEM, text, FROM_SOURCE, REFERENCE)]
    return [Line(TOPIC, PROBLEM, text, f"{apt('gasket-dkms')}\nsudo modprobe apex")]


def _loaded(machine: Machine) -> set[str]:
    return {name for name in ("gasket", "apex") if (machine.root / "sys/module" / name).is_dir()}


def _available(machine: Machine) -> bool:
    folder = machine.root / "lib/modules" / machine.kernel
    return next(folder.rglob("apex.ko*"), None) is not None if folder.is_dir() else False

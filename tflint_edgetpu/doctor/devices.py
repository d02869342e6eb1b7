"""The Edge TPUs on the buses, and whether this user may open them."""

from __future__ import annotations

from ..verify.coral_devices import EdgeTpu, plugged_in
from .line import ABSENT, OK, PROBLEM, Line
from .machine import Machine

TOPIC = "Edge TPU"
RULES_FOLDERS = ("etc/udev/rules.d", "run/udev/rules.d", "usr/lib/udev/rules.d", "lib/udev/rules.d")
USB_GROUP = "plugdev"  # of Coral's own rules
PCI_GROUP = "apex"
USB_RULES = (
    'echo \'SUBSYSTEM=="usb",ATTRS{idVendor}=="1a6e",ATTRS{idProduct}=="089a",GROUP="plugdev",MODE="0660"\n'
    'SUBSYSTEM=="usb",ATTRS{idVendor}=="18d1",ATTRS{idProduct}=="9302",GROUP="plugdev",MODE="0660"\''
    " | sudo tee /etc/udev/rules.d/60-edgetpu.rules"
)
PCI_RULES = 'echo \'SUBSYSTEM=="apex",GROUP="apex",MODE="0660"\' | sudo tee /etc/udev/rules.d/65-apex.rules'
RELOAD = "sudo udevadm control --reload-rules && sudo udevadm trigger"


def check(machine: Machine) -> list[Line]:
    if machine.is_linux:
        found = plugged_in(machine.root)
        if found:
            return [_line(machine, device) for device in found]
        return [
            Line(TOPIC, ABSENT, "none on USB (1a6e:089a, 18d1:9302) or PCIe (1ac1:089a)", _nothing(machine))
        ]
    runtime = machine.runtime()
    if runtime.devices is None:
        return [
            Line(
                TOPIC,
                ABSENT,
                f"on {machine.system_name} libedgetpu alone can list devices, and it is not there to be asked",
            )
        ]
    if not runtime.devices:
        return [
            Line(
                TOPIC,
                ABSENT,
                f"{runtime.by} finds none",
                "# plug it into a USB 3 port, with a cable that carries data",
            )
        ]
    return [Line(TOPIC, OK, f"{kind} {path}, found by {runtime.by}") for kind, path in runtime.devices]


def _nothing(machine: Machine) -> str:
    if machine.is_container:
        return (
            "# in a container only what was passed in is visible:\n"
            "docker run --device /dev/bus/usb ...   # USB; the device changes its number after the first use\n"
            "docker run --device /dev/apex_0 ...    # PCIe"
        )
    return "# plug it in and look: lsusb -d 1a6e:089a; lsusb -d 18d1:9302; lspci -nn -d 1ac1:089a"


def _line(machine: Machine, device: EdgeTpu) -> Line:
    if device.kind == "usb":
        name = f"USB {device.path} ({device.id}"
        name += (
            ")"
            if device.firmware_is_loaded
            else ", not opened since it was plugged in: after the first use it is 18d1:9302)"
        )
    else:
        name = f"PCIe {device.path} ({device.id})"
    if not device.has_node:
        return _without_node(machine, device, name)
    if device.accessible is False:
        group = USB_GROUP if device.kind == "usb" else PCI_GROUP
        return Line(
            TOPIC,
            PROBLEM,
            f"{name}: {machine.user} may not open it{_group_note(machine, group)}",
            _permission(machine, device),
        )
    return Line(TOPIC, OK, name)


def _without_node(machine: Machine, device: EdgeTpu, name: str) -> Line:
    if device.kind == "pci":
        # One cause, one problem: the check of the kernel module tells it, with the cure.
        return Line(TOPIC, ABSENT, f"{name} cannot be opened before its kernel module is loaded")
    cure = (
        "docker run --device /dev/bus/usb ..." if machine.is_container else "# unplug it and plug it in again"
    )
    return Line(TOPIC, PROBLEM, f"{name} is on the bus but has no node under /dev/bus/usb", cure)


def _group_note(machine: Machine, group: str) -> str:
    return f", who is not in the group {group}" if group not in machine.groups else ""


def _permission(machine: Machine, device: EdgeTpu) -> str:
    """The rule where there is none, the group where the user is not in it."""
    usb = device.kind == "usb"
    group = USB_GROUP if usb else PCI_GROUP
    commands = []
    if not _has_rule(machine, ("1a6e", "18d1") if usb else ('"apex"',)):
        commands.extend(
            [*([] if usb else [f"sudo groupadd -f {group}"]), USB_RULES if usb else PCI_RULES, RELOAD]
        )
    if group not in machine.groups:
        commands.append(f"sudo usermod -aG {group} {machine.user}   # then log out and in again")
    return "\n".join(commands) or f"{RELOAD}\n# then plug it in again"


def _has_rule(machine: Machine, words: tuple[str, ...]) -> bool:
    for folder in RULES_FOLDERS:
        for file in (machine.root / folder).glob("*.rules"):
            try:
                text = file.read_text("utf-8", "replace")
            except OSError:
                continue
            if all(word in text for word in words):
                return True
    return False

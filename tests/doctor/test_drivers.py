"""Each check of drivers, devices and programs, on machines made for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tflint_edgetpu.doctor import (
    compiler,
    devices,
    kernel_module,
    libedgetpu,
)
from tflint_edgetpu.doctor.line import ABSENT, OK, PROBLEM, Line
from tflint_edgetpu.doctor.machine import Machine
from tflint_edgetpu.verify import coral_devices
from tflint_edgetpu.verify.device import Runtime

Make = Callable[..., Machine]
READY = Runtime("libedgetpu.so.1", "", 14, "RuntimeVersion(14)", (), ())


def only(lines: list[Line]) -> Line:
    assert len(lines) == 1, lines
    return lines[0]


def program(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)


def usb(identity: str, number: int = 4) -> dict[str, str]:
    vendor, product = identity.split(":")
    folder = f"sys/bus/usb/devices/2-{number}"
    return {
        f"{folder}/idVendor": vendor + "\n", f"{folder}/idProduct": product + "\n", f"{folder}/busnum": "2\n",
        f"{folder}/devnum": f"{number}\n", f"dev/bus/usb/002/{number:03}": "",
    }  # fmt: skip


PCI = {
    "sys/bus/pci/devices/0000:03:00.0/vendor": "0x1ac1\n",
    "sys/bus/pci/devices/0000:03:00.0/device": "0x089a\n",
}


# libedgetpu

STOCK = {
    "usr/lib/x86_64-linux-gnu/libedgetpu.so.1": "",
    "var/lib/dpkg/status": "Package: libedgetpu1-max\nStatus: install ok installed\nVersion: 16.0\n\n",
}


def test_no_libedgetpu_is_absent_with_commands_for_each_system(machine: Make) -> None:
    assert "apt-get install -y libedgetpu1-std" in only(libedgetpu.check(machine())).cure
    assert "install.sh" in only(libedgetpu.check(machine(system="Darwin"))).cure
    assert "install.bat" in only(libedgetpu.check(machine(system="Windows"))).cure


def test_the_package_tells_the_clock_and_the_version(machine: Make) -> None:
    line = only(libedgetpu.check(machine(files=STOCK, runtime=READY)))
    assert line.status == OK and "libedgetpu1-max 16.0 (maximum frequency" in line.text
    assert "/usr/lib/x86_64-linux-gnu/libedgetpu.so.1, runtime 14" in line.text


def test_a_removed_package_is_none(machine: Make) -> None:
    files = {
        "var/lib/dpkg/status": STOCK["var/lib/dpkg/status"].replace(
            "install ok installed", "deinstall ok config-files"
        )
    }
    assert libedgetpu.debian_package(machine(files=files)) is None


def test_a_library_that_cannot_be_loaded_says_why(machine: Make) -> None:
    broken = Runtime(
        "libedgetpu.so.1", "", None, "", None, (), "libusb-1.0.so.0: cannot open shared object file"
    )
    line = only(libedgetpu.check(machine(files=STOCK, runtime=broken)))
    assert line.status == PROBLEM and "libusb-1.0.so.0" in line.text and "libusb-1.0-0" in line.cure


def test_an_old_runtime_refuses_current_models(machine: Make) -> None:
    line = libedgetpu.check(machine(files=STOCK, runtime=READY._replace(version=13)))[0]
    assert line.status == PROBLEM and "edgetpu_compiler -m 13" in line.cure


@pytest.mark.parametrize(
    ("packages", "version", "is_problem"),
    [
        ({"ai-edge-litert": "2.3.0"}, "16.0", True),
        ({"tflite-runtime": "2.14.0"}, "16.0", True),
        ({"tflite-runtime": "2.5.0.post1"}, "16.0", False),
        ({"ai-edge-litert": "2.3.0"}, "16.0TF2.19.1-1", False),
        ({}, "16.0", False),
    ],
)
def test_a_stock_library_beside_a_current_interpreter(
    machine: Make, packages: dict[str, str], version: str, is_problem: bool
) -> None:
    files = {**STOCK, "var/lib/dpkg/status": STOCK["var/lib/dpkg/status"].replace("16.0", version)}
    lines = libedgetpu.check(machine(files=files, runtime=READY, distributions=packages))
    assert (lines[-1].status == PROBLEM) is is_problem
    if is_problem:
        assert "segmentation fault" in lines[-1].text and "google-coral/edgetpu#812" in lines[-1].reference


def test_libraries_of_other_systems(machine: Make) -> None:
    mac = machine(system="Darwin", files={"usr/local/lib/libedgetpu.1.dylib": ""}, runtime=READY)
    assert "/usr/local/lib/libedgetpu.1.dylib" in only(libedgetpu.check(mac)).text
    windows = machine(system="Windows", files={"Windows/System32/edgetpu.dll": ""}, runtime=READY)
    assert "edgetpu.dll" in only(libedgetpu.check(windows)).text


# Devices


def test_no_device_is_absent(machine: Make) -> None:
    assert "lsusb -d 1a6e:089a" in only(devices.check(machine())).cure
    assert "docker run --device" in only(devices.check(machine(files={".dockerenv": ""}))).cure


def test_usb_before_and_after_the_firmware(machine: Make) -> None:
    before = only(devices.check(machine(files=usb("1a6e:089a"))))
    assert before.status == OK and "after the first use it is 18d1:9302" in before.text


def test_usb_ready(machine: Make) -> None:
    line = only(devices.check(machine(files=usb("18d1:9302"))))
    assert line == Line("Edge TPU", OK, "USB /dev/bus/usb/002/004 (18d1:9302)")


def test_other_usb_devices_are_none(machine: Make) -> None:
    assert only(devices.check(machine(files=usb("1d6b:0003")))).status == ABSENT


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No node may be opened (the tests may run as root, who may open everything)."""
    monkeypatch.setattr(coral_devices, "_may_use", lambda node: False)


@pytest.mark.usefixtures("locked")
def test_permissions_of_usb(machine: Make) -> None:
    line = only(devices.check(machine(files=usb("18d1:9302"))))
    assert line.status == PROBLEM and "ada may not open it, who is not in the group plugdev" in line.text
    assert "60-edgetpu.rules" in line.cure and "usermod -aG plugdev ada" in line.cure
    rules = {"lib/udev/rules.d/60-libedgetpu1-std.rules": 'ATTRS{idVendor}=="1a6e" ATTRS{idVendor}=="18d1"'}
    line = only(devices.check(machine(files={**usb("18d1:9302"), **rules})))
    assert "60-edgetpu.rules" not in line.cure and "usermod" in line.cure
    line = only(devices.check(machine(files={**usb("18d1:9302"), **rules}, groups=frozenset({"plugdev"}))))
    assert "usermod" not in line.cure and "udevadm trigger" in line.cure


@pytest.mark.usefixtures("locked")
def test_permissions_of_pcie(machine: Make) -> None:
    line = only(devices.check(machine(files={**PCI, "dev/apex_0": ""})))
    assert line.status == PROBLEM and "/dev/apex_0" in line.text and "65-apex.rules" in line.cure


def test_a_bus_without_nodes(machine: Make) -> None:
    files = usb("18d1:9302")
    del files["dev/bus/usb/002/004"]
    assert "no node under /dev/bus/usb" in only(devices.check(machine(files=files))).text


def test_pcie_without_its_driver(machine: Make) -> None:
    line = only(devices.check(machine(files=PCI)))
    assert line.status == ABSENT and "0000:03:00.0" in line.text, "the kernel module's line is the problem"


@pytest.mark.parametrize("system", ["Darwin", "Windows"])
def test_elsewhere_the_runtime_is_asked(machine: Make, system: str) -> None:
    assert only(devices.check(machine(system=system))).status == ABSENT
    assert only(devices.check(machine(system=system, runtime=READY))).text.endswith("finds none")
    found = READY._replace(devices=(("usb", "0x14"),))
    assert "usb 0x14" in only(devices.check(machine(system=system, runtime=found))).text


# Kernel module


def test_the_module_is_needed_for_pcie_alone(machine: Make) -> None:
    assert only(kernel_module.check(machine(files=usb("18d1:9302")))).status == ABSENT
    assert kernel_module.check(machine(system="Darwin")) == []


@pytest.mark.parametrize(
    ("kernel", "words"),
    [("5.15.0-91-generic", "gasket-dkms"), ("6.5.0-17-generic", "github.com/google/gasket-driver")],
)
def test_a_missing_module_is_installed_as_the_kernel_needs(machine: Make, kernel: str, words: str) -> None:
    line = only(kernel_module.check(machine(files=PCI, kernel=kernel)))
    assert line.status == PROBLEM and kernel in line.text and words in line.cure


def test_a_module_that_is_there_is_loaded(machine: Make) -> None:
    files = {**PCI, "lib/modules/6.1.0/updates/dkms/apex.ko.xz": ""}
    assert only(kernel_module.check(machine(files=files))).cure == "sudo modprobe apex"
    files |= {"sys/module/gasket/version": "", "sys/module/apex/version": ""}
    assert "dmesg" in only(kernel_module.check(machine(files=files))).cure
    files |= {"dev/apex_0": ""}
    assert only(kernel_module.check(machine(files=files))).status == OK


def test_a_driver_inside_the_kernel(machine: Make) -> None:
    assert only(kernel_module.check(machine(files={**PCI, "dev/apex_0": ""}))).status == OK


# Compiler


def test_the_compiler_on_path(machine: Make, tmp_path: Path) -> None:
    program(tmp_path / "bin" / "edgetpu_compiler")
    assert only(compiler.check(machine())).status == OK


def test_without_the_compiler(machine: Make, tmp_path: Path) -> None:
    assert "apt-get install -y edgetpu-compiler" in only(compiler.check(machine())).cure
    assert "neither docker nor podman" in only(compiler.check(machine(architecture="aarch64"))).text
    program(tmp_path / "bin" / "podman")
    line = only(compiler.check(machine(architecture="aarch64")))
    assert line.cure.startswith("podman build") and "--container edgetpu-compiler" in line.cure

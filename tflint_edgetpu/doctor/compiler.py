"""``edgetpu_compiler`` on PATH, or a container engine that can run one."""

from __future__ import annotations

import shutil

from ..verify.compiler import ENGINES, NAME, RECIPE
from .coral_packages import apt
from .line import ABSENT, OK, Line
from .machine import Machine

TOPIC = "compiler"
IMAGE = "edgetpu-compiler"
BUILD = f"docker build --platform linux/amd64 -t {IMAGE} - <<'END'\n{RECIPE}\nEND"


def check(machine: Machine) -> list[Line]:
    found = shutil.which(NAME, path=machine.path)
    if found is not None:
        return [Line(TOPIC, OK, f"{found}; 'tflint-edgetpu compile' runs it")]
    predicts = "'lint' predicts what it would do without it"
    engine = next((name for name in ENGINES if shutil.which(name, path=machine.path)), None)
    if machine.is_linux and machine.is_x86_64:
        return [Line(TOPIC, ABSENT, f"{NAME} is not on PATH; {predicts}", apt("edgetpu-compiler"))]
    if engine is not None:
        build = BUILD.replace("docker", engine, 1)
        text = f"{NAME} runs on x86-64 Linux only; {engine} is here and can run it in a container; {predicts}"
        return [Line(TOPIC, ABSENT, text, f"{build}\ntflint-edgetpu compile MODEL --container {IMAGE}")]
    return [
        Line(
            TOPIC, ABSENT, f"{NAME} runs on x86-64 Linux only, and neither docker nor podman is on PATH; {predicts}",
            "# with docker or podman: tflint-edgetpu compile --help",
        )
    ]  # fmt: skip

"""TensorFlow and the Keras packages beside it; nothing of them is imported."""

from __future__ import annotations

from . import wheels
from .line import ABSENT, OK, PROBLEM, Line
from .machine import Machine

TOPIC = "TensorFlow"
# Since this version 'keras' is Keras 3 and Keras 2 lives in tf-keras.
KERAS_3_SINCE = (2, 16)


def check(machine: Machine) -> list[Line]:
    names = [name for name in ("tensorflow", "tensorflow-cpu", "tf-nightly") if name in machine.distributions]
    if not names:
        return [_absent(machine)]
    if len(names) > 1:
        return [_overlaid(machine, names), *_tf_keras(machine, names[0])]
    name = names[0]
    return [Line(TOPIC, OK, f"{name} {machine.distributions[name]}"), *_tf_keras(machine, name)]


def _absent(machine: Machine) -> Line:
    obstacle = wheels.platform_obstacle(machine, wheels.TENSORFLOW)
    if not wheels.has_wheel(machine, wheels.TENSORFLOW):
        why = obstacle or f"its wheels are for {wheels.span(wheels.TENSORFLOW)}"
        return Line(
            TOPIC, ABSENT, f"not installed, and {why}; 'convert' needs it on this machine, 'lint' never does"
        )
    return Line(
        TOPIC,
        ABSENT,
        "not installed; only 'convert' needs it",
        "pip install 'tflint-edgetpu[convert]'",
    )


def _overlaid(machine: Machine, names: list[str]) -> Line:
    """Both put the same files into the same folder: pip lets them, and removing one takes the other's."""
    versions = " and ".join(f"{name} {machine.distributions[name]}" for name in names)
    keep = names[0]
    return Line(
        TOPIC,
        PROBLEM,
        f"{versions} lie on top of each other in one folder: what is imported is a mixture or the later one, and "
        "removing either breaks the other (tf-keras pulls 'tensorflow' in beside 'tensorflow-cpu')",
        f"pip uninstall -y {' '.join(names)}\npip install {keep}=={machine.distributions[keep]}",
    )


def _tf_keras(machine: Machine, tensorflow: str) -> list[Line]:
    """Files of Keras 2 need it since TensorFlow 2.16; it must have TensorFlow's own minor version."""
    version = machine.version(tensorflow) or ()
    if version[:2] < KERAS_3_SINCE:
        return []
    minor = ".".join(map(str, version[:2]))
    # With its dependencies it would pull 'tensorflow' in beside 'tensorflow-cpu'.
    install = f"pip install --no-deps 'tf-keras=={minor}.*'"
    installed = machine.distributions.get("tf-keras")
    if installed is None:
        return [Line("tf-keras", ABSENT, "not installed; files that Keras 2 saved need it", install)]
    if (machine.version("tf-keras") or ())[:2] != version[:2]:
        text = (
            f"{installed} does not belong to {tensorflow} {machine.distributions[tensorflow]}: "
            f"it must be {minor} as well"
        )
        return [Line("tf-keras", PROBLEM, text, install)]
    return [Line("tf-keras", OK, installed)]

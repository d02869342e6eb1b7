"""The interpreters that run a model here: LiteRT, and its predecessor tflite-runtime."""

from __future__ import annotations

from . import wheels
from .line import ABSENT, OK, PROBLEM, Line
from .machine import Machine

MINIMUM_LITERT = (2, 1)  # what the extra 'fix' asks for


def check(machine: Machine) -> list[Line]:
    return [_litert(machine), *_tflite_runtime(machine), *_quantizer(machine)]


def _litert(machine: Machine) -> Line:
    topic = "LiteRT"
    version = machine.distributions.get("ai-edge-litert")
    install = "pip install 'tflint-edgetpu[fix]'"
    if version is None:
        obstacle = wheels.platform_obstacle(machine, wheels.LITERT)
        if obstacle is not None:
            return Line(topic, ABSENT, f"not installed ({obstacle}); fix, verify and convert need it")
        return Line(topic, ABSENT, "not installed; fix, verify and convert need it", install)
    if (machine.version("ai-edge-litert") or ()) < MINIMUM_LITERT:
        return Line(
            topic, PROBLEM, f"ai-edge-litert {version} is older than 2.1, the oldest this program works with",
            "pip install --upgrade 'ai-edge-litert>=2.1'",
        )  # fmt: skip
    missing = [name for name in ("flatbuffers", "numpy") if name not in machine.distributions]
    if missing:
        return Line(topic, PROBLEM, f"ai-edge-litert {version}, but without {' and '.join(missing)}", install)
    return Line(topic, OK, f"ai-edge-litert {version}")


def _tflite_runtime(machine: Machine) -> list[Line]:
    version = machine.distributions.get("tflite-runtime")
    if version is not None:
        return [Line("tflite-runtime", OK, f"{version}; LiteRT is its successor")]
    if "ai-edge-litert" in machine.distributions:
        return [Line("tflite-runtime", ABSENT, "not installed, and not needed beside LiteRT")]
    if wheels.has_wheel(machine, wheels.TFLITE_RUNTIME):
        return [
            Line(
                "tflite-runtime", ABSENT, "not installed; its last release is 2.14.0, LiteRT is its successor"
            )
        ]
    return [
        Line(
            "tflite-runtime",
            ABSENT,
            f"not installed; its wheels are for {wheels.span(wheels.TFLITE_RUNTIME)} on Linux",
        )
    ]


def _quantizer(machine: Machine) -> list[Line]:
    for name in ("litert-quantizer", "ai-edge-quantizer"):
        if name in machine.distributions:
            return [Line("quantizer", OK, f"{name} {machine.distributions[name]}")]
    return [
        Line(
            "quantizer", ABSENT, "not installed; 'convert' tries it beside TensorFlow's on a float .tflite",
            "pip install 'tflint-edgetpu[convert]'",
        )
    ]  # fmt: skip

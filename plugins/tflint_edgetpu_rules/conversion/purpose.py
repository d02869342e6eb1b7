"""What a script is for: whether somewhere in it an integer model is made, and whether that is meant for an Edge TPU.

A script that makes a float model besides is no mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tflint_edgetpu.api import is_integer, is_on

if TYPE_CHECKING:
    from tflint_edgetpu.api import Conversion, Export, Script


def makes_integers(script: Script) -> bool:
    """Whether any converter or exporter in the file makes a model of integers."""
    return any(is_integer(one, script) for one in script.conversions) or any(
        map(exports_integers, script.exports)
    )


def exports_integers(export: Export) -> bool:
    """Whether an exporter is told to quantize to integers."""
    options = export.options
    if export.tool == "ultralytics":
        return options.get("format") == "edgetpu" or ("int8" in options and is_on(options["int8"]))
    if export.tool == "onnx2tf":
        wanted = ("oiqt", "output_integer_quantized_tflite")
        return any(name in options and is_on(options[name]) for name in wanted)
    return str(options.get("inference_type", "")).upper() in ("QUANTIZED_UINT8", "INT8", "UINT8")


def together(conversions: Iterable[Conversion]) -> list[list[Conversion]]:
    """Converters that run in the same statements, as after `if`/`else` or in a function that is given several: what
    is set on one is set on all of them, so there is one thing to say.
    """
    groups: dict[object, list[Conversion]] = {}
    for one in conversions:
        runs = tuple(run.statement for run in one.runs)
        groups.setdefault(runs or one.span, []).append(one)
    return list(groups.values())


def spelled(conversion: Conversion) -> str:
    """TensorFlow, for lines to paste."""
    return conversion.tensorflow or "tf"


def called(conversion: Conversion) -> str:
    """The variable of a converter, for lines to paste."""
    return conversion.variable or "converter"
